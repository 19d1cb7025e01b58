import { quantile } from './tally.ts';

/** One request of a game day. Times are of one monotonic clock; `failure` says in words what was wrong with its answer. */
export type GamedaySample = { readonly startMs: number; readonly endMs: number; readonly failure: string | undefined };

/** When the phases began and the run ended, by the same clock. */
export type GamedayTimes = {
  readonly beforeMs: number;
  readonly faultMs: number;
  readonly afterMs: number;
  readonly endMs: number;
};

export type PhaseFigures = {
  readonly name: 'before' | 'during' | 'after';
  readonly requests: number;
  readonly failed: number;
  /** Of the requests that were answered well; NaN when there were none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
};

export type GamedayFigures = {
  readonly phases: readonly PhaseFigures[];
  readonly requests: number;
  readonly failed: number;
  /** Share of all requests that were answered well, also those before the first phase. */
  readonly availability: number;
  /** From the first fault until clients were served as well as before; undefined when that was not within the run. */
  readonly recoveredMs: number | undefined;
};

/** Recovery is looked for in windows of this length … */
export const WINDOW_MS = 500;
/** … of which so many in a row must be good. */
export const GOOD_WINDOWS = 6;
/** The share of a window's requests that may be slower than before. */
const SLOW_SHARE = 0.1;
/** Slower than before is: twice the p99 of before, and by at least this. */
const SLOWER_MS = 250;

/** What a game day has come to. Requests belong to the phase that they were sent in. */
export function gamedayFigures(samples: readonly GamedaySample[], times: GamedayTimes): GamedayFigures {
  const phases = [
    phaseFigures('before', samples, [times.beforeMs, times.faultMs]),
    phaseFigures('during', samples, [times.faultMs, times.afterMs]),
    phaseFigures('after', samples, [times.afterMs, times.endMs]),
  ];
  const failed = samples.filter(({ failure }) => failure !== undefined).length;
  const p99Ms = phases[0]?.p99Ms ?? Number.NaN;
  return {
    phases,
    requests: samples.length,
    failed,
    availability: samples.length === 0 ? 0 : 1 - failed / samples.length,
    recoveredMs: recoveredMs(samples, times, Math.max(2 * p99Ms, p99Ms + SLOWER_MS)),
  };
}

function phaseFigures(
  name: PhaseFigures['name'],
  samples: readonly GamedaySample[],
  [fromMs, toMs]: readonly [number, number],
): PhaseFigures {
  const inside = samples.filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
  const took = inside.filter(({ failure }) => failure === undefined).map(({ startMs, endMs }) => endMs - startMs);
  const sorted = took.toSorted((a, b) => a - b);
  return {
    name,
    requests: inside.length,
    failed: inside.length - took.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

/**
 * The beginning of the first run of good windows, counted from the fault. A window is good when requests ended in it,
 * all of them well, and at most a tenth slower than before.
 */
function recoveredMs(samples: readonly GamedaySample[], times: GamedayTimes, slowMs: number): number | undefined {
  const count = Math.floor((times.endMs - times.faultMs) / WINDOW_MS);
  const windows = Array.from({ length: Math.max(0, count) }, () => ({ all: 0, failed: 0, slow: 0 }));
  for (const { startMs, endMs, failure } of samples) {
    const window = windows[Math.floor((endMs - times.faultMs) / WINDOW_MS)];
    if (window === undefined || endMs < times.faultMs) continue;
    window.all += 1;
    if (failure !== undefined) window.failed += 1;
    else if (endMs - startMs > slowMs) window.slow += 1;
  }
  let run = 0;
  for (const [index, { all, failed, slow }] of windows.entries()) {
    run = all > 0 && failed === 0 && slow <= all * SLOW_SHARE ? run + 1 : 0;
    if (run === GOOD_WINDOWS) return (index + 1 - GOOD_WINDOWS) * WINDOW_MS;
  }
  return undefined;
}
