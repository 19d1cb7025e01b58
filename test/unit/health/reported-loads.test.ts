import { expect, test } from 'vitest';
import { REPORT_FADES_MS, REPORT_GONE_MS, REPORT_MEAN_MS, ReportedLoads } from '../../../src/health/reported-loads.ts';

const ROWS = 3;

function heard() {
  const live = { reportedLoad: new Float64Array(ROWS) };
  const block = () => ({ loadSum: new Float64Array(ROWS), loadCount: new Float64Array(ROWS) });
  const blocks = [block(), block()];
  const loads = new ReportedLoads(live, blocks);
  const say = (thread: number, row: number, ...said: readonly number[]) => {
    const { loadSum, loadCount } = blocks[thread] as ReturnType<typeof block>;
    for (const load of said) loadSum[row] = (loadSum[row] as number) + load;
    loadCount[row] = (loadCount[row] as number) + said.length;
  };
  loads.settle(1, 0);
  const at = (nowMs: number) => {
    loads.settle(1, nowMs);
    return live.reportedLoad[1] as number;
  };
  return { live, loads, say, at, blocks };
}

test('nothing is reported until something is; the first report counts as it is', () => {
  const { say, at } = heard();
  expect(at(100)).toBe(0);
  say(0, 1, 0.8);
  expect(at(250)).toBe(0.8);
});

test('all threads and health checks make one figure, which follows in ten seconds', () => {
  const { say, at, loads } = heard();
  say(0, 1, 0.2, 0.4);
  say(1, 1, 0.6);
  loads.checked(1, 0.8);
  expect(at(0)).toBeCloseTo(0.5);
  for (let ms = 250; ms <= REPORT_MEAN_MS; ms += 250) {
    say(0, 1, 1);
    at(ms);
  }
  expect(at(REPORT_MEAN_MS)).toBeCloseTo(1 - 0.5 / Math.E, 6);
});

test('a report that nothing follows fades, and is gone', () => {
  const { say, at } = heard();
  say(0, 1, 0.8);
  at(0);
  expect(at(REPORT_FADES_MS)).toBeCloseTo(0.8);
  expect(at((REPORT_FADES_MS + REPORT_GONE_MS) / 2)).toBeCloseTo(0.4);
  expect(at(REPORT_GONE_MS)).toBe(0);
  expect(at(10 * REPORT_GONE_MS)).toBe(0);
  // What was long ago has no part in what comes then.
  say(0, 1, 0.1);
  expect(at(20 * REPORT_GONE_MS)).toBeCloseTo(0.1);
});

test('whoever has a row next begins without what was said before, though the cells go on', () => {
  const { say, at, loads } = heard();
  say(0, 1, 5, 5);
  at(0);
  loads.keepOnly(new Set([0]));
  expect(at(250)).toBe(0);
  say(0, 1, 0.3);
  expect(at(500)).toBeCloseTo(0.3);
});

test('counters that begin anew are no reports', () => {
  const { say, at, blocks } = heard();
  say(0, 1, 0.5, 0.5);
  at(0);
  for (const { loadSum, loadCount } of blocks) {
    loadSum.fill(0);
    loadCount.fill(0);
  }
  expect(at(250)).toBeCloseTo(0.5);
  say(0, 1, 0.5);
  expect(at(500)).toBeCloseTo(0.5);
});
