import { expect, test } from 'vitest';
import { Forgotten, ORDERS_CHARS_MAX, ORDERS_MAX } from '../../../src/degraded/forgotten.ts';

const A = { url: 'http://x/a' };

test('an order hides what it is about until it is carried out', () => {
  const orders = new Forgotten();
  orders.add(A);
  orders.add({ prefix: 'http://x/p/' });
  expect(['http://x/a', 'http://x/a?b', 'http://x/p/q', 'http://x/'].map((url) => orders.hides(url))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(orders.pending).toEqual([A, { prefix: 'http://x/p/' }]);
  for (const order of orders.pending) orders.carriedOut(order);
  expect([orders.hasPending, orders.hides('http://x/a')]).toEqual([false, false]);
});

test('what was asked for before an order is known by its mark', () => {
  const orders = new Forgotten();
  const before = orders.mark;
  orders.add(A);
  orders.carriedOut(A);
  expect([orders.since(before, 'http://x/a'), orders.since(before, 'http://x/b')]).toEqual([true, false]);
  expect(orders.since(orders.mark, 'http://x/a')).toBe(false);
});

test('its memory has a bound, and nothing that is owed is lost by it', () => {
  const orders = new Forgotten();
  const before = orders.mark;
  orders.add(A);
  for (let i = 0; i < ORDERS_MAX * 3; i += 1) orders.add({ url: `http://x/${i}` });
  expect(orders.pending.length).toBeLessThanOrEqual(ORDERS_MAX);
  expect([orders.hides('http://x/a'), orders.hides('http://other/')]).toEqual([true, true]);
  expect(orders.since(before, 'http://other/')).toBe(true);
  for (const order of orders.pending) orders.carriedOut(order);
  expect([orders.hasPending, orders.hides('http://x/a')]).toEqual([false, false]);
});

test('long URLs count by their length', () => {
  const orders = new Forgotten();
  const long = 'x'.repeat(ORDERS_CHARS_MAX / 4);
  for (let i = 0; i < 8; i += 1) {
    const order = { url: `${i}${long}` };
    orders.add(order);
    orders.carriedOut(order);
  }
  expect(orders.since(4, 'http://y/')).toBe(true);
  expect(orders.since(6, 'http://y/')).toBe(false);
});
