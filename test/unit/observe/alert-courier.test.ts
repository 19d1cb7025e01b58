import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertChange } from '../../../src/observe/alert.ts';
import {
  BACKOFF_MAX_MS,
  backoffMs,
  Courier,
  type CourierOptions,
  type Delivery,
  WAITING_MAX,
} from '../../../src/observe/alert-courier.ts';
import { VirtualTime } from '../discovery/virtual-time.ts';
import { changeTo } from './finding.ts';

const DOWN: Delivery = { ok: false, final: false, error: 'down' };
const REFUSED: Delivery = { ok: false, final: true, error: 'answered 400' };

function stage(more: Partial<CourierOptions> = {}) {
  const time = new VirtualTime([0]);
  const sent: { at: number; keys: string[] }[] = [];
  const now: { answer: (changes: readonly AlertChange[]) => Promise<Delivery> } = {
    answer: async () => ({ ok: true }),
  };
  const courier = new Courier(
    {
      sink: 'webhook',
      batchMax: 2,
      keeps: 'every',
      deliver: async (changes) => {
        sent.push({ at: time.nowMs, keys: changes.map(({ finding }) => finding.key) });
        return now.answer(changes);
      },
      ...more,
    },
    time.deps,
  );
  const push = (...keys: string[]) => courier.push(keys.map((key) => changeTo('firing', key)));
  return { time, sent, now, courier, push };
}

test('changes go out in order, so many at a time', async () => {
  const { courier, push, sent, time } = stage();
  push('a', 'b', 'c');
  push('d');
  await time.settle();
  expect(sent.map(({ keys }) => keys)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(courier.status).toMatchObject({ up: true, waiting: 0, delivered: 2, failed: 0 });
});

test('a sink that is down is tried again with growing pauses; nothing is lost, and one event says so', async () => {
  const { courier, push, sent, now, time } = stage();
  now.answer = async () => DOWN;
  push('a');
  await time.pass(8000);
  expect(sent.map(({ at }) => at)).toEqual([0, 1000, 3000, 7000]);
  push('b');
  expect(courier.status).toMatchObject({ up: false, waiting: 2, lastError: 'down', failed: 4 });
  now.answer = async () => ({ ok: true });
  await time.pass(8000);
  expect(sent.at(-1)).toEqual({ at: 15_000, keys: ['a', 'b'] });
  expect(courier.status).toMatchObject({ up: true, waiting: 0, delivered: 1, lastError: null });
  expect(time.events).toEqual([
    { type: 'sink-failed', sink: 'webhook', error: 'down' },
    { type: 'sink-recovered', sink: 'webhook' },
  ]);
});

test('what is refused for good is given up, and the next goes on', async () => {
  const { courier, push, sent, now, time } = stage({ batchMax: 1 });
  now.answer = async (changes) => (changes[0]?.finding.key === 'a' ? REFUSED : { ok: true });
  push('a', 'b');
  await time.settle();
  expect(sent.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
  expect(courier.status).toMatchObject({ up: true, refused: 1, delivered: 1, waiting: 0 });
});

test('a sink that throws is one that is down', async () => {
  const { courier, push, now, time } = stage();
  now.answer = () => Promise.reject(new Error('boom'));
  push('a');
  await time.settle();
  expect(courier.status).toMatchObject({ up: false, waiting: 1, lastError: 'Error: boom' });
});

test('the longest pause that a sink may ask for is the longest that there is', async () => {
  const { push, sent, now, time } = stage();
  now.answer = async () => ({ ...DOWN, retryAfterMs: 30_000 });
  push('a');
  await time.pass(29_999);
  expect(sent).toHaveLength(1);
  now.answer = async () => ({ ...DOWN, retryAfterMs: 1e9 });
  await time.pass(1);
  expect(sent).toHaveLength(2);
  await time.pass(BACKOFF_MAX_MS);
  expect(sent).toHaveLength(3);
});

test('a queue that is full drops the oldest, and counts them', async () => {
  const { courier, push, now, time } = stage();
  const { promise, resolve } = Promise.withResolvers<Delivery>();
  now.answer = () => promise;
  push('first');
  await time.settle();
  push(...Array.from({ length: WAITING_MAX + 5 }, (_, i) => `k${i}`));
  expect(courier.status).toMatchObject({ waiting: WAITING_MAX + 1, dropped: 5 });
  resolve(DOWN);
  await time.settle();
  expect(courier.status).toMatchObject({ waiting: WAITING_MAX, dropped: 6 });
  expect(courier.undelivered[0]?.finding.key).toBe('k5');
});

test('a sink that wants the latest state only: a newer one replaces what waits and what failed', async () => {
  const { courier, push, sent, now, time } = stage({ keeps: 'latest', batchMax: Number.POSITIVE_INFINITY });
  now.answer = async () => DOWN;
  push('a', 'b');
  await time.settle();
  push('c');
  now.answer = async () => ({ ok: true });
  await time.pass(1000);
  expect(sent.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
  expect(courier.undelivered).toEqual([]);
});

test('what is under way when it ends counts as not delivered, and as no fault of the sink', async () => {
  const { courier, push, now, time } = stage();
  const { promise, resolve } = Promise.withResolvers<Delivery>();
  now.answer = () => promise;
  push('a', 'b', 'c');
  await time.settle();
  expect(courier.undelivered.map(({ finding }) => finding.key)).toEqual(['a', 'b', 'c']);
  time.stop.abort();
  resolve({ ok: false, final: false, error: 'AbortError' });
  await courier.settled();
  expect(courier.undelivered.map(({ finding }) => finding.key)).toEqual(['a', 'b', 'c']);
  expect(time.events).toEqual([]);
});

test('pauses grow to five minutes, less at most a half by chance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, draw) => {
      const full = Math.min(BACKOFF_MAX_MS, 1000 * 2 ** (failures - 1));
      expect(backoffMs(failures, draw)).toBeLessThanOrEqual(full);
      expect(backoffMs(failures, draw)).toBeGreaterThanOrEqual(full / 2);
    }),
  );
});

test('a sink that forgets is never left alone for longer than its own pause, whatever it asks for', async () => {
  const { push, sent, now, time } = stage({ keeps: 'latest', backoffMaxMs: 30_000 });
  now.answer = async () => ({ ...DOWN, retryAfterMs: 1e9 });
  push('a');
  await time.pass(600_000);
  const pauses = sent.slice(1).map(({ at }, i) => at - sent[i]!.at);
  expect(pauses.length).toBeGreaterThan(18);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
});
