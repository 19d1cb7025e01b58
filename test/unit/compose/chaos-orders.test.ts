import { expect, test } from 'vitest';
import { ChaosRegistry } from '../../../src/chaos/registry.ts';
import { chaosOrders } from '../../../src/compose/chaos-orders.ts';
import { threeClouds } from '../../support/topology.ts';

function ordersOf(chaos: string, fleet?: Parameters<typeof chaosOrders>[0]['fleet']) {
  const now = { ms: 0 };
  const clock = { nowMs: () => now.ms };
  const registry = new ChaosRegistry(
    { clock, emit: () => {}, tell: () => {} },
    threeClouds({ top: `chaos: ${chaos}` }),
  );
  return {
    now,
    orders: chaosOrders({ registry, nowMs: clock.nowMs, fleet, clouds: () => ['aws', 'gcp', 'azure', 'onprem'] }),
  };
}

const DEFINED = '{ enabled: true, experiments: { slow: { kind: latency, delay: 1s, radius: 5% } } }';

test('what the file defines is started by name, listed with what is left of its time, and stopped', async () => {
  const { orders, now } = ordersOf(DEFINED);
  await orders.start({ name: 'slow', for: '10s' });
  now.ms = 4000;
  expect(orders.list()).toMatchObject({
    enabled: true,
    running: [{ name: 'slow', by: 'file', ranForMs: 4000, leftMs: 6000, radius: 0.05 }],
    defined: [{ name: 'slow', kind: 'latency', for: '5m' }],
  });
  expect(await orders.stop({ name: 'slow' })).toMatchObject({
    running: [],
    ended: [{ experiment: 'slow', reason: 'operator' }],
  });
});

test('a whole experiment is started, and all are stopped at once', async () => {
  const { orders } = ordersOf(DEFINED);
  await orders.start({ name: 'slow' });
  expect(await orders.start({ name: 'mine', kind: 'failure', radius: 1 })).toMatchObject({
    running: [{}, { by: 'api' }],
  });
  expect(await orders.stop({})).toMatchObject({ running: [] });
  expect(await orders.stop({})).toMatchObject({ running: [] });
});

test.each([
  [{ name: 'nobody' }, 404, 'there is no experiment nobody'],
  [{ name: 'x', kind: 'explode', radius: 1 }, 422, 'the experiment is not good'],
  [{ name: 'slow', kind: 'failure', radius: 1, scope: { service: 'web' } }, 409, 'nothing is in the scope of slow'],
])('start %j: %d', async (body, status, error) => {
  expect(await ordersOf(DEFINED).orders.start(body)).toMatchObject({ status, error });
});

test('what does not run cannot be stopped, and with chaos off nothing starts', async () => {
  const { orders } = ordersOf('{ experiments: { slow: { kind: latency, delay: 1s, radius: 5% } } }');
  expect(await orders.start({ name: 'slow' })).toMatchObject({ status: 409, error: 'chaos is off' });
  expect(await orders.stop({ name: 'slow' })).toMatchObject({ status: 404, error: 'slow does not run' });
  expect(await orders.stop({ nam: 'slow' })).toMatchObject({ status: 422 });
});

test('without a fleet none can be started on it', async () => {
  const { orders } = ordersOf(DEFINED);
  expect(await orders.start({ name: 'slow', fleet: true })).toMatchObject({
    status: 409,
    error: 'this edge has no fleet',
  });
  expect(orders.list()).toMatchObject({ running: [] });
});

test('what is started on the fleet is written to it, and the answer says where that is stored', async () => {
  const shared: unknown[] = [];
  const fleet = {
    share: (experiment: { name: string }, forMs: number) => shared.push([experiment.name, forMs]),
    isShared: () => true,
    stored: async () => (shared.length === 0 ? undefined : ('here' as const)),
  };
  const { orders } = ordersOf(DEFINED, fleet);
  expect(await orders.start({ name: 'slow', fleet: true, for: '2m' })).toMatchObject({
    stored: 'here',
    running: [{ name: 'slow', by: 'fleet', fleet: true }],
  });
  expect(shared).toEqual([['slow', 120_000]]);
});
