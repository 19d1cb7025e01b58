import { expect, test } from 'vitest';
import { SloKeeper } from '../../../src/observe/slo-keeper.ts';
import { NOT_BUSY, place } from '../../../src/table/placement.ts';
import { SLI, type Sli } from '../../../src/table/worker-block.ts';
import { type TestWorld, topologyWith, worldOf } from './world.ts';

const HOUR = 3_600_000;

function stage(services: Parameters<typeof topologyWith>[0] = { shop: ['aws/x'], blog: ['gcp/y'] }) {
  const world = worldOf(topologyWith(services));
  const now = { ms: 1000 };
  const keeper = new SloKeeper(world.blocks, () => now.ms);
  keeper.follow(world.topology, world.placement);
  const count = (service: string, sli: Sli, by: number, thread = 0, at: TestWorld = world) => {
    at.blocks[thread]!.sli[at.placement.slots[service]! * SLI.length + SLI.indexOf(sli)]! += by;
  };
  return { world, now, keeper, count };
}

test('counts of all threads are of their service, and only good and bad are in the indicator', () => {
  const { keeper, count } = stage();
  count('shop', 'good', 90);
  count('shop', 'good', 9, 1);
  count('shop', 'bad', 1, 1);
  count('shop', 'aborted', 50);
  count('shop', 'excluded', 500);
  count('blog', 'bad', 3);
  keeper.collect();
  const [shop, blog] = keeper.reports();
  expect(shop).toMatchObject({ service: 'shop', good: 99, bad: 1, sli: 0.99 });
  expect(blog).toMatchObject({ service: 'blog', good: 0, bad: 3 });
  expect(keeper.totals().get('shop')).toEqual({ good: 99, bad: 1, aborted: 50, excluded: 500 });
});

test('what has been collected is not counted again', () => {
  const { keeper, count } = stage();
  count('shop', 'good', 5);
  keeper.collect();
  keeper.collect();
  expect(keeper.reports()[0]).toMatchObject({ good: 5 });
});

test('short windows forget first, the budget last', () => {
  const { keeper, count, now } = stage();
  count('shop', 'bad', 10);
  keeper.collect();
  const rates = () => keeper.reports()[0]!.burnRates;
  expect(rates()['5m']).toBeCloseTo(10_000, 3);
  now.ms += 10 * 60_000;
  expect([rates()['5m'], rates()['30m']]).toEqual([0, expect.closeTo(10_000, 3)]);
  now.ms += 8 * HOUR;
  expect([rates()['6h'], rates()['24h']]).toEqual([0, expect.closeTo(10_000, 3)]);
  now.ms += 80 * HOUR;
  expect([rates()['3d'], keeper.reports()[0]!.bad]).toEqual([0, 10]);
  now.ms += 720 * HOUR;
  expect(keeper.reports()[0]!.bad).toBe(0);
});

test('a slot that another service had: its counts stay with the other', () => {
  const { world, keeper, count } = stage({ shop: ['aws/x'] });
  count('shop', 'bad', 7);
  const next = topologyWith({ blog: ['gcp/y'] });
  const { limits } = world.table.shared;
  const empty = place(topologyWith({ other: ['aws/z'] }), world.placement, NOT_BUSY, limits).placement;
  const { placement } = place(next, empty, NOT_BUSY, limits);
  expect(placement.slots['blog']).toBe(world.placement.slots['shop']);
  keeper.follow(next, placement);
  expect(keeper.reports().map(({ service, bad }) => [service, bad])).toEqual([['blog', 0]]);
  expect(keeper.totals().get('shop')).toMatchObject({ bad: 7 });
  expect(keeper.totals().get('blog')).toMatchObject({ bad: 0 });
  // And back: what was counted in between under the same slot was not the shop's.
  count('shop', 'bad', 100);
  keeper.follow(world.topology, world.placement);
  expect(keeper.reports()[0]).toMatchObject({ service: 'shop', bad: 7 });
  expect(keeper.totals().get('blog')).toMatchObject({ bad: 100 });
});

test('a reload that changes the objective or the window keeps what was counted', () => {
  const { world, keeper, count } = stage({ shop: ['aws/x'] });
  count('shop', 'bad', 7);
  keeper.follow(topologyWith({ shop: ['aws/x'] }, 'slo: { objective: 90%, window: 48h }'), world.placement);
  expect(keeper.reports()[0]).toMatchObject({ bad: 7, objective: 0.9, windowMs: 48 * HOUR });
});

test('it outlasts a restart, and time goes on in between', () => {
  const before = stage();
  before.count('shop', 'bad', 10);
  before.keeper.collect();
  const saved = JSON.parse(JSON.stringify(before.keeper.save())) as ReturnType<SloKeeper['save']>;
  const after = stage();
  after.keeper.restore(saved, 20 * 60_000);
  const [shop, blog] = after.keeper.reports();
  expect(shop!.bad).toBe(10);
  expect([shop!.burnRates['5m'], shop!.burnRates['30m']]).toEqual([0, expect.closeTo(10_000, 3)]);
  expect(blog!.bad).toBe(0);
  after.keeper.restore({ gone: { minutes: [], hours: [] } }, 0);
});
