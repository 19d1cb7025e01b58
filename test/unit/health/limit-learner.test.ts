import { expect, test } from 'vitest';
import { LIMIT_FACTOR_MAX, LIMIT_MIN, LimitLearner } from '../../../src/health/limit-learner.ts';
import { OUTCOMES } from '../../../src/table/worker-block.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const LEARNED = threeClouds({ service: 'routing: { in_flight_max: learned }' });

function learning() {
  const stage = stageOf(LEARNED);
  const { live } = stage.table;
  const learner = new LimitLearner(live, stage.blocks);
  const look = (topology = LEARNED) => learner.look(topology.services, stage.placement.rows);
  look();
  return { live, look, blocks: stage.blocks };
}

test('it begins with what the file says, and an endpoint that is well and full gets more', () => {
  const { live, look, blocks } = learning();
  expect(live.inFlightMax[0]).toBe(100);
  for (let i = 0; i < 200; i += 1) {
    live.inFlight[0] = live.inFlightMax[0] as number;
    // Over both threads, ten milliseconds each.
    for (const { firstByteSumMs, firstByteCount } of blocks) {
      firstByteSumMs[0] = (firstByteSumMs[0] as number) + 500;
      firstByteCount[0] = (firstByteCount[0] as number) + 50;
    }
    look();
  }
  expect(live.inFlightMax[0]).toBeGreaterThan(300);
  expect(live.inFlightMax[0]).toBeLessThanOrEqual(100 * LIMIT_FACTOR_MAX);
  // Others have had nothing, and nothing is learned of them.
  expect(live.inFlightMax[1]).toBe(100);
});

test('one whose requests wait for each other gets fewer; the way there is no waiting', () => {
  const { live, look, blocks } = learning();
  const [block] = blocks;
  live.rttMs[0] = 80;
  for (let i = 0; i < 300; i += 1) {
    const inFlight = live.inFlightMax[0] as number;
    live.inFlight[0] = inFlight;
    // It works on ten at a time, for 20 ms each.
    block!.firstByteSumMs[0] = (block!.firstByteSumMs[0] as number) + 125 * (80 + 20 * Math.max(1, inFlight / 10));
    block!.firstByteCount[0] = (block!.firstByteCount[0] as number) + 125;
    look();
  }
  expect(live.inFlightMax[0]).toBeGreaterThanOrEqual(7);
  expect(live.inFlightMax[0]).toBeLessThanOrEqual(20);
});

test('refusals lower it, and never below what is always given', () => {
  const { live, look, blocks } = learning();
  const [block] = blocks;
  const overloaded = OUTCOMES.indexOf('overloaded');
  for (let i = 0; i < 600; i += 1) {
    live.inFlight[0] = live.inFlightMax[0] as number;
    block!.firstByteSumMs[0] = (block!.firstByteSumMs[0] as number) + 1000;
    block!.firstByteCount[0] = (block!.firstByteCount[0] as number) + 50;
    block!.outcomes[overloaded] = (block!.outcomes[overloaded] as number) + (i > 60 ? 30 : 0);
    look();
  }
  expect(live.inFlightMax[0]).toBeGreaterThanOrEqual(LIMIT_MIN);
  expect(live.inFlightMax[0]).toBeLessThanOrEqual(10);
});

test('a service that does not want it any more has no limit', () => {
  const { live, look } = learning();
  look(threeClouds());
  expect(live.inFlightMax[0]).toBe(Number.POSITIVE_INFINITY);
});
