import { beforeEach, expect, test } from 'vitest';
import { ASSIGNED_FOR_MS, isAssigned, shareOf } from '../../../src/routing/assigned.ts';
import { explain } from '../../../src/routing/explain.ts';
import { priorityOf } from '../../../src/routing/priorities.ts';
import { select } from '../../../src/routing/select.ts';
import { NO_FENCE_CLASS, ORIGIN_CELLS, originCell } from '../../../src/table/assigned-cells.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const [AWS, GCP, AZURE] = [0, 1, 2];
const NOW_MS = 1000;
let stage: Stage;

beforeEach(() => {
  stage = stageOf(threeClouds({ service: 'routing: { select: optimal }' }));
  assigned([0.2, 0.3, 0.5]);
});

function assigned(shares: readonly number[], region = 0): void {
  const { live } = stage.table;
  for (const [row, share] of shares.entries()) live.assignedShare[row * ORIGIN_CELLS + region] = share;
  live.assignedAtMs[0] = NOW_MS;
}

/** How often each position is chosen, of a thousand draws that lie evenly. */
function counts(more: Parameters<typeof askOf>[2] = {}): number[] {
  const ask = askOf(stage.view, [10, 90, 150], more);
  const found = [0, 0, 0];
  for (let i = 0; i < 1000; i += 1) {
    ask.draw = (i + 0.5) / 1000;
    const at = select(stage.view, stage.live, ask);
    found[at] = (found[at] as number) + 1;
  }
  return found;
}

test('requests are drawn by what is assigned, however good the scores are', () => {
  expect(counts()).toEqual([200, 300, 500]);
});

test('each region of clients has shares of its own, and one without any gets the best', () => {
  assigned([1, 0, 0], 7);
  const ask = askOf(stage.view, [150, 90, 10]);
  const from = (region: number) => counts({ latency: { ...ask.latency, region } });
  expect(from(7)).toEqual([1000, 0, 0]);
  expect(from(8)).toEqual([0, 0, 1000]);
});

test('so has each choice that fences leave; the best is chosen for clients of too many', () => {
  assigned([0, 1, 0], originCell(0, 2));
  const allowed = Uint8Array.of(1, 1, 0);
  expect(counts({ allowed, fenceClass: 2 })).toEqual([0, 1000, 0]);
  expect(counts({ allowed, fenceClass: 1 })).toEqual([1000, 0, 0]);
  expect(counts({ allowed, fenceClass: NO_FENCE_CLASS })).toEqual([1000, 0, 0]);
});

test('whoever has more than it was assigned gets less at once, and who has less gets more', () => {
  const { live } = stage.table;
  live.assignedLoad.set([10, 10, 10]);
  live.inFlight.set([10, 10, 10]);
  expect(counts()).toEqual([200, 300, 500]);
  live.inFlight.set([10, 10, 25]);
  const [aws = 0, gcp = 0, azure = 0] = counts();
  expect(azure).toBeLessThan(50);
  expect(gcp / aws).toBeCloseTo(1.5, 1);
});

test.each([
  ['the assignment is old', () => {}, { nowMs: NOW_MS + ASSIGNED_FOR_MS + 1 }],
  ['nothing was ever assigned', () => void (stage.table.live.assignedAtMs[0] = Number.NEGATIVE_INFINITY), {}],
  ['most of it may not be sent to', () => void (stage.table.live.drained[AZURE] = 1), {}],
])('the best is chosen where %s', (_, happens, more) => {
  happens();
  if (stage.table.live.drained[AZURE] === 1) assigned([0.1, 0.3, 0.6]);
  expect(counts(more)).toEqual([1000, 0, 0]);
});

test('another priority than that which was assigned for gets the best by its weights', () => {
  expect(counts({ weights: priorityOf(stage.view, 'latency').weights })).toEqual([1000, 0, 0]);
});

test('what a better tier has is enough: the rest of the shares count for nothing', () => {
  stage.table.live.state[GCP] = HEALTH_STATE.degraded;
  const [aws = 0, gcp, azure = 0] = counts();
  expect(gcp).toBe(0);
  expect(azure / aws).toBeCloseTo(2.5, 1);
});

test('with select: best nothing of it is looked at', () => {
  const plain = stageOf(threeClouds());
  const ask = askOf(plain.view, [10, 90, 150]);
  plain.table.live.assignedAtMs[0] = NOW_MS;
  plain.table.live.assignedShare[AZURE * ORIGIN_CELLS] = 1;
  expect(select(plain.view, plain.live, ask)).toBe(AWS);
  expect(isAssigned(plain.view, 0, plain.live, ask)).toBe(false);
});

test('an explanation shows the shares, and all that have one as ties', () => {
  assigned([0.4, 0, 0.6]);
  const ask = askOf(stage.view, [10, 90, 150]);
  const { assigned: is, candidates } = explain(stage.view, stage.live, ask);
  expect(is).toBe(true);
  const shown = candidates.map(({ cloud, assignedShare, tied }) => [cloud, assignedShare, tied]);
  expect(shown).toContainEqual(['aws', 0.4, true]);
  expect(shown).toContainEqual(['gcp', 0, false]);
  expect(shown).toContainEqual(['azure', 0.6, true]);
  expect(shareOf(stage.view, AZURE, stage.table.live, ask)).toBe(0.6);
  expect(explain(stage.view, stage.live, { ...ask, nowMs: 1e9 }).assigned).toBe(false);
});
