import { expect, test } from 'vitest';
import { type GamedaySample, GOOD_WINDOWS, gamedayFigures, WINDOW_MS } from '../../../src/demo/gameday-report.ts';

const TIMES = { beforeMs: 1000, faultMs: 11_000, afterMs: 21_000, endMs: 31_000 };

/** One request each 50 ms from 0 to 31 s, as `of` says for the time that it is sent at. */
function samplesOf(of: (sentMs: number) => { tookMs: number; failure?: string }): GamedaySample[] {
  return Array.from({ length: 620 }, (_, i) => {
    const startMs = i * 50;
    const { tookMs, failure } = of(startMs);
    return { startMs, endMs: startMs + tookMs, failure };
  });
}

test('requests belong to the phase that they were sent in; those before the first count for the goal', () => {
  const figures = gamedayFigures(
    samplesOf((ms) => ({
      tookMs: ms < 11_000 ? 10 : 30,
      ...(ms === 500 || ms === 12_000 ? { failure: 'status 503' } : {}),
    })),
    TIMES,
  );
  expect(figures.phases).toEqual([
    { name: 'before', requests: 200, failed: 0, p50Ms: 10, p99Ms: 10 },
    { name: 'during', requests: 200, failed: 1, p50Ms: 30, p99Ms: 30 },
    { name: 'after', requests: 200, failed: 0, p50Ms: 30, p99Ms: 30 },
  ]);
  expect(figures).toMatchObject({ requests: 620, failed: 2, availability: 1 - 2 / 620 });
});

test('whose clients notice nothing has recovered at once', () => {
  expect(
    gamedayFigures(
      samplesOf(() => ({ tookMs: 10 })),
      TIMES,
    ).recoveredMs,
  ).toBe(0);
});

test.each([
  ['failures', (ms: number) => (ms >= 11_000 && ms < 14_200 ? { tookMs: 10, failure: 'x' } : { tookMs: 10 })],
  ['slow answers', (ms: number) => ({ tookMs: ms >= 10_900 && ms < 13_990 ? 300 : 10 })],
])('%s in the first seconds: it has recovered after the last bad window', (_, of) => {
  const { recoveredMs } = gamedayFigures(samplesOf(of), TIMES);
  expect(recoveredMs).toBeGreaterThanOrEqual(3000);
  expect(recoveredMs).toBeLessThanOrEqual(3500);
});

test('a good moment between two failures is no recovery', () => {
  const bad = (ms: number) => ms >= 11_000 && (ms - 11_000) % ((GOOD_WINDOWS - 1) * WINDOW_MS) === 0;
  const figures = gamedayFigures(
    samplesOf((ms) => (bad(ms) ? { tookMs: 1, failure: 'x' } : { tookMs: 1 })),
    TIMES,
  );
  expect(figures.recoveredMs).toBeUndefined();
});

test('a time in which nothing ends is not good, and a run without requests is not available', () => {
  const silent = samplesOf(() => ({ tookMs: 10 })).filter(({ startMs }) => startMs < 11_000 || startMs > 16_000);
  expect(gamedayFigures(silent, TIMES).recoveredMs).toBe(5000);
  expect(gamedayFigures([], TIMES)).toMatchObject({ availability: 0, recoveredMs: undefined });
});
