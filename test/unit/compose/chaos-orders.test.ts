import { expect, test } from 'vitest';
import { ChaosRegistry } from '../../../src/chaos/registry.ts';
import { chaosOrders } from '../../../src/compose/chaos-orders.ts';
import { threeClouds } from '../../support/topology.ts';

function ordersOf(chaos: string) {
  const now = { ms: 0 };
  const clock = { nowMs: () => now.ms };
  const registry = new ChaosRegistry(
    { clock, emit: () => {}, tell: () => {} },
    threeClouds({ top: `chaos: ${chaos}` }),
  );
  return { now, orders: chaosOrders(registry, clock.nowMs) };
}

const DEFINED = '{ enabled: true, experiments: { slow: { kind: latency, delay: 1s, radius: 5% } } }';

test('what the file defines is started by name, listed with what is left of its time, and stopped', () => {
  const { orders, now } = ordersOf(DEFINED);
  orders.start({ name: 'slow', for: '10s' });
  now.ms = 4000;
  expect(orders.list()).toMatchObject({
    enabled: true,
    running: [{ name: 'slow', by: 'file', ranForMs: 4000, leftMs: 6000, radius: 0.05 }],
    defined: [{ name: 'slow', kind: 'latency', for: '5m' }],
  });
  expect(orders.stop({ name: 'slow' })).toMatchObject({
    running: [],
    ended: [{ experiment: 'slow', reason: 'operator' }],
  });
});

test('a whole experiment is started, and all are stopped at once', () => {
  const { orders } = ordersOf(DEFINED);
  orders.start({ name: 'slow' });
  expect(orders.start({ name: 'mine', kind: 'failure', radius: 1 })).toMatchObject({ running: [{}, { by: 'api' }] });
  expect(orders.stop({})).toMatchObject({ running: [] });
  expect(orders.stop({})).toMatchObject({ running: [] });
});

test.each([
  [{ name: 'nobody' }, 404, 'there is no experiment nobody'],
  [{ name: 'x', kind: 'explode', radius: 1 }, 422, 'the experiment is not good'],
  [{ name: 'slow', kind: 'failure', radius: 1, scope: { service: 'web' } }, 409, 'nothing is in the scope of slow'],
])('start %j: %d', (body, status, error) => {
  expect(ordersOf(DEFINED).orders.start(body)).toMatchObject({ status, error });
});

test('what does not run cannot be stopped, and with chaos off nothing starts', () => {
  const { orders } = ordersOf('{ experiments: { slow: { kind: latency, delay: 1s, radius: 5% } } }');
  expect(orders.start({ name: 'slow' })).toMatchObject({ status: 409, error: 'chaos is off' });
  expect(orders.stop({ name: 'slow' })).toMatchObject({ status: 404, error: 'slow does not run' });
  expect(orders.stop({ nam: 'slow' })).toMatchObject({ status: 422 });
});
