import { expect, test } from 'vitest';
import { OwnersTrips } from '../../../src/health/owners-trips.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

test('each service has its own, for as long as it is in force, and forgets rows that it does not have any more', () => {
  const trips = new OwnersTrips();
  const shop = trips.of('shop');
  expect(trips.of('shop')).toBe(shop);
  expect(trips.of('blog')).not.toBe(shop);
  shop.counted(1, { firstByteSumMs: 4000, firstByteCount: 40 }, 0);
  shop.counted(2, { firstByteSumMs: 4000, firstByteCount: 40 }, 0);
  trips.keep({ slots: { shop: 0 }, rows: { a: 1 } });
  expect(trips.of('shop')).toBe(shop);
  // Nobody has said yet what is usual: only that the rows are still known is of interest here.
  expect([shop.idleMsOf(1), shop.answersOf(2, 0)]).toEqual([Number.NaN, undefined]);
  trips.keep({ slots: { blog: 0 }, rows: {} });
  expect(trips.of('shop')).not.toBe(shop);
});

test('what the threads have counted since the last look is taken in, and what they had counted before is not', () => {
  const stage = stageOf(threeClouds());
  const [first, second] = stage.blocks as [(typeof stage.blocks)[0], (typeof stage.blocks)[0]];
  const [{ name, endpoints } = { name: '', endpoints: [] }] = stage.topology.services;
  const row = stage.placement.rows[endpoints[0]?.id ?? ''] as number;
  const trips = new OwnersTrips();
  const { live } = stage.table;
  const answered = (block: typeof first, count: number, ms: number) => {
    if (block === undefined) return;
    block.firstByteCount[row] = (block.firstByteCount[row] as number) + count;
    block.firstByteSumMs[row] = (block.firstByteSumMs[row] as number) + count * ms;
  };
  answered(first, 1000, 900);
  trips.of(name).checked(row, 10);
  trips.look(stage, stage.blocks, live, 0);
  expect(live.rttMs[row]).toBe(10);
  expect(trips.of(name).answersOf(row, 0)).toBeUndefined();
  answered(first, 100, 40);
  answered(second, 300, 40);
  trips.look(stage, stage.blocks, live, 250);
  // What requests take beside a way that one check has told of, and what that may be wrong by.
  expect(trips.of(name).idleMsOf(row)).toBeGreaterThan(30);
  expect(trips.of(name).idleMsOf(row)).toBeLessThan(33);
  expect(trips.of(name).answersOf(row, 250)?.requests).toBe(400);
  // A thread has begun anew: its counters say nothing once.
  first?.firstByteCount.fill(0);
  first?.firstByteSumMs.fill(0);
  trips.look(stage, stage.blocks, live, 500);
  expect(trips.of(name).answersOf(row, 500)?.requests).toBe(400);
  answered(second, 400, 40);
  trips.look(stage, stage.blocks, live, 750);
  expect(trips.of(name).answersOf(row, 750)?.requests).toBeGreaterThan(650);
});
