import { beforeEach, expect, test } from 'vitest';
import { Doubts } from '../../../src/health/doubts.ts';
import { SILENCE_IDLE_PERIOD_MS, SILENCE_PERIOD_MS } from '../../../src/health/silence.ts';
import { endpointBreakers } from '../../../src/resilience/admission.ts';
import { type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const POLICY = { failures: 1, successes: 1, openMs: 1000, probes: 1 };

let stage: Stage;
let doubts: Doubts;
const look = (nowMs: number) => [...doubts.look([0, 1, 2], [0, 1, 2], nowMs)];

beforeEach(() => {
  stage = stageOf(threeClouds());
  doubts = new Doubts(stage.table.live, stage.blocks);
});

test('a breaker that opens is asked about once, and once more when it opens again', () => {
  const cells = endpointBreakers(stage.table);
  const report = (signal: 'failure' | 'success', nowMs: number) => {
    const ticket = nowMs === 0 ? cells.epoch(1) : cells.admit(1, { nowMs, policy: POLICY });
    cells.report(1, ticket, signal, { nowMs, policy: POLICY });
  };
  expect(look(0)).toEqual([]);
  report('failure', 0);
  expect([look(100), look(200)]).toEqual([[1], []]);
  report('success', 1100);
  expect(look(1200)).toEqual([]);
  cells.report(1, cells.epoch(1), 'failure', { nowMs: 1300, policy: POLICY });
  expect(look(1300)).toEqual([1]);
});

test('so is one that falls silent, which a check ends', () => {
  const { live } = stage.table;
  live.latencyMs.fill(20);
  expect([look(0), doubts.periodMs]).toEqual([[], SILENCE_IDLE_PERIOD_MS]);
  live.inFlight[2] = 1;
  look(100);
  live.inFlight[2] = 6;
  expect([look(200), look(400), look(500)]).toEqual([[], [2], []]);
  expect(doubts.periodMs).toBe(SILENCE_PERIOD_MS);
  doubts.checked(2);
  expect(live.silent[2]).toBe(0);
});
