/**
 * What an endpoint's answers of late say, without remembering any of them: sums that halve with every half-life. A check
 * that was answered counts as one more first byte, so that an endpoint without traffic has a latency too; with traffic
 * it weighs next to nothing.
 */
export type Evidence = {
  readonly attempts: number;
  readonly failures: number;
  readonly firstByteSumMs: number;
  readonly firstByteCount: number;
  readonly atMs: number;
};

/** What is new since the last time. */
export type Sample = Omit<Evidence, 'atMs'>;

export const HALF_LIFE_MS = 10_000;
/** Fewer remembered attempts than this say nothing about an error rate, and fewer failures are no rate but bad luck. */
export const ATTEMPTS_MIN = 10;
export const FAILURES_MIN = 2;
/**
 * An endpoint that gets no requests has at most so many attempts remembered: six half-lives above the minimum, so that a
 * bad rate which keeps all traffic away is forgotten after a minute, however busy the endpoint was.
 */
export const ATTEMPTS_IDLE_MAX = ATTEMPTS_MIN * 2 ** 6;
/** And so many first bytes, so that the checks can soon show that it has become faster. */
const FIRST_BYTES_IDLE_MAX = 8;
const COUNT_MIN = 1e-6;

export const NO_EVIDENCE: Evidence = { attempts: 0, failures: 0, firstByteSumMs: 0, firstByteCount: 0, atMs: 0 };

/**
 * The evidence at `nowMs`, with `sample` added. Attempts that have faded below saying anything are forgotten, not only
 * disregarded: the first requests that an endpoint gets after it has returned would otherwise bring the rate of its
 * outage back, and drive it out again.
 */
export function withSample(before: Evidence, sample: Sample, nowMs: number): Evidence {
  const kept = 2 ** (-Math.max(0, nowMs - before.atMs) / HALF_LIFE_MS);
  const attempts = before.attempts * kept + sample.attempts;
  const faded = before.attempts >= ATTEMPTS_MIN && attempts < ATTEMPTS_MIN;
  return {
    attempts: faded ? sample.attempts : attempts,
    failures: faded ? sample.failures : before.failures * kept + sample.failures,
    firstByteSumMs: before.firstByteSumMs * kept + sample.firstByteSumMs,
    firstByteCount: before.firstByteCount * kept + sample.firstByteCount,
    atMs: Math.max(before.atMs, nowMs),
  };
}

/** The same rate and latency on no more evidence than an idle endpoint may have. */
export function whenIdle(before: Evidence): Evidence {
  const attempts = shareKept(before.attempts, ATTEMPTS_IDLE_MAX);
  const firstBytes = shareKept(before.firstByteCount, FIRST_BYTES_IDLE_MAX);
  return {
    attempts: before.attempts * attempts,
    failures: before.failures * attempts,
    firstByteSumMs: before.firstByteSumMs * firstBytes,
    firstByteCount: before.firstByteCount * firstBytes,
    atMs: before.atMs,
  };
}

/** Share of attempts that failed, 0 to 1; 0 while there are too few to say. */
export function errorRateOf({ attempts, failures }: Evidence): number {
  return attempts < ATTEMPTS_MIN || failures < FAILURES_MIN ? 0 : Math.min(1, failures / attempts);
}

/** Mean first-byte time in ms; NaN when there is none to speak of. */
export function latencyOf({ firstByteSumMs, firstByteCount }: Evidence): number {
  return firstByteCount < COUNT_MIN ? Number.NaN : firstByteSumMs / firstByteCount;
}

function shareKept(count: number, countMax: number): number {
  return count <= countMax ? 1 : countMax / count;
}
