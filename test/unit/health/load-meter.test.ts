import { expect, test } from 'vitest';
import {
  IDLE_PERIOD_MS,
  LOAD_MEAN_MS,
  LOAD_PERIOD_MS,
  LoadMeter,
  SHARE_PRIOR,
} from '../../../src/health/load-meter.ts';
import { countRecent } from '../../../src/routing/recent-shares.ts';
import { OUTCOMES, type Outcome, type WorkerBlock } from '../../../src/table/worker-block.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

function metered() {
  const stage = stageOf(threeClouds());
  const meter = new LoadMeter(stage.table.live, stage.blocks);
  const measure = (nowMs: number) => meter.measure(stage.topology, stage.placement, nowMs);
  return { ...stage, live: stage.table.live, measure, meter };
}

test('the mean of what is in flight begins with the first measure and follows in ten seconds', () => {
  const { live, measure } = metered();
  live.inFlight[1] = 10;
  measure(0);
  expect([...live.inFlightMean.subarray(0, 3)]).toEqual([0, 10, 0]);
  live.inFlight[1] = 20;
  for (let ms = 250; ms <= LOAD_MEAN_MS; ms += 250) measure(ms);
  expect(live.inFlightMean[1]).toBeCloseTo(20 - 10 / Math.E, 6);
});

test('a cloud has the share that all threads together gave it', () => {
  const { live, blocks, measure } = metered();
  const at = { nowMs: 0, halfLifeMs: 10_000, clouds: 3 };
  measure(0);
  const third = 1 / 3;
  for (const share of live.cloudShare.subarray(0, 3)) expect(share).toBeCloseTo(third);
  for (let i = 0; i < 60; i += 1) countRecent(blocks[i % 2] as never, 0, i % 2, at);
  measure(0);
  const all = 60 + 3 * SHARE_PRIOR;
  const shares = [...live.cloudShare.subarray(0, 3)];
  expect(shares[0]).toBeCloseTo((30 + SHARE_PRIOR) / all);
  expect(shares[1]).toBeCloseTo((30 + SHARE_PRIOR) / all);
  expect(shares[2]).toBeCloseTo(SHARE_PRIOR / all);
});

test('where there are other edges, half of it is what they have there', () => {
  const { live, measure } = metered();
  live.fleetInFlight.set([30, 10, 0]);
  measure(0);
  const shares = [...live.cloudShare.subarray(0, 3)];
  expect(shares[0]).toBeCloseTo((1 / 3 + 0.75) / 2);
  expect(shares[1]).toBeCloseTo((1 / 3 + 0.25) / 2);
  expect(shares[2]).toBeCloseTo(1 / 6);
});

test('an endpoint that refuses has room for fewer, and for all again when it does not', () => {
  const { live, blocks, measure } = metered();
  const cell = (outcome: Outcome) => 1 * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  const [one, other] = blocks as [WorkerBlock, WorkerBlock];
  measure(0);
  one.outcomes[cell('success')] = 50;
  other.outcomes[cell('success')] = 20;
  other.outcomes[cell('overloaded')] = 30;
  measure(250);
  expect([...live.room.subarray(0, 3)]).toEqual([1, 0.7, 1]);
  for (let ms = 500; ms < 20_000; ms += 250) measure(ms);
  expect(live.room[1]).toBe(1);
});

test('the mean is of what is at the endpoint', () => {
  const { live, measure } = metered();
  live.inFlight[1] = 10;
  live.atEndpoint[1] = 0.3;
  measure(0);
  expect(live.inFlightMean[1]).toBeCloseTo(3);
});

test('it looks less often while nothing is in flight and nothing has been answered', () => {
  const { live, blocks, measure, meter } = metered();
  expect(meter.periodMs).toBe(LOAD_PERIOD_MS);
  measure(0);
  expect(meter.periodMs).toBe(IDLE_PERIOD_MS);
  live.inFlight[1] = 1;
  measure(1000);
  expect(meter.periodMs).toBe(LOAD_PERIOD_MS);
  live.inFlight[1] = 0;
  const { outcomes } = blocks[0] as WorkerBlock;
  outcomes[OUTCOMES.indexOf('success')] = 1;
  measure(2000);
  expect(meter.periodMs).toBe(LOAD_PERIOD_MS);
  measure(3000);
  expect(meter.periodMs).toBe(IDLE_PERIOD_MS);
});
