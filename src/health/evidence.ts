/**
 * What an endpoint's answers of late say, without remembering any of them: sums that halve with every half-life. A check
 * that was answered counts as one more first byte, so that an endpoint without traffic has a latency too; with traffic
 * it weighs next to nothing.
 *
 * An error rate counts from the time when enough is remembered until it is cleared, and it is cleared by successes, not
 * by fading: a run of good answers that such a rate would hardly allow, or a while without an attempt in which the checks were
 * good. So what has been repaired is back soon, and what has only been left alone gets another chance.
 */
export type Evidence = {
  readonly attempts: number;
  readonly failures: number;
  /** The same by the short memory. */
  readonly attemptsSoon: number;
  readonly failuresSoon: number;
  /** What the short memory last had enough to say. */
  readonly rateSoon: number;
  readonly firstByteSumMs: number;
  readonly firstByteCount: number;
  readonly atMs: number;
  /** Whether the rate of failures counts: enough of them were remembered since it was last cleared. */
  readonly rateCounts: boolean;
  /** Good answers since the last failed one, good checks since then, and when that and the last attempt were. */
  readonly goodRun: number;
  /** The rate of failures as it was at the last of them, by which the run is judged: the run itself brings the rate down. */
  readonly rateThen: number;
  readonly goodChecks: number;
  readonly failedMs: number;
  readonly triedMs: number;
  /** When a rate was last cleared, and how many times in a row it was back soon after. */
  readonly clearedMs: number;
  /** … and what it was. */
  readonly clearedRate: number;
  readonly relapses: number;
};

/** What is new since the last time. */
export type TrafficCounts = Pick<Evidence, 'attempts' | 'failures' | 'firstByteSumMs' | 'firstByteCount'>;

export const HALF_LIFE_MS = 10_000;
/** A second memory, which is short: what has begun to fail after many good answers shows in it first. */
export const SOON_HALF_LIFE_MS = 2000;
/** Fewer remembered attempts than this say nothing about an error rate, and fewer failures are no rate but bad luck. */
export const ATTEMPTS_MIN = 10;
export const FAILURES_MIN = 2;
/** So many remembered failures say enough, however few the attempts are. */
export const FAILURES_ENOUGH = 5;
/** So many attempts of the last seconds say enough, however few failed. */
export const ATTEMPTS_SOON_MIN = 50;
/** Good answers in a row that clear an error rate, if it would not allow as many by chance. */
export const GOOD_RUN_MIN = 10;
/** A run that a rate would allow once in so many times is none of its own. */
export const CHANCE_MAX = 0.001;
/** After so long without a failure fewer good answers will do, and none where the checks are good and there are no requests. */
export const CLEAR_AFTER_MS = 10_000;
/** A rate that counts again within this time after it was cleared is a relapse … */
export const RELAPSE_WITHIN_MS = 60_000;
/** … and each doubles the time and the successes that clearing takes, so many times at most: a fault that is over must be seen to be. */
export const RELAPSES_MAX = 2;
/** What is as likely as so many to one to be the rate that was cleared, rather than that of an endpoint that is well, is a relapse. */
const RELAPSE_ODDS = 3;
/** The rate of failures of one that is well, as the published limit of `degraded` has it; and the most that is expected of a relapse. */
const WELL_RATE = 0.01;
const ILL_RATE_MAX = 0.9;
/** Without an attempt for so long there are no requests to speak of. */
export const QUIET_MS = 2000;
/** Good checks in a row that this takes. */
export const GOOD_CHECKS_MIN = 2;
/** An endpoint that gets no requests has at most so many first bytes remembered, so that checks can soon show that it is faster. */
const FIRST_BYTES_IDLE_MAX = 8;
const COUNT_MIN = 1e-6;

export const NO_EVIDENCE: Evidence = {
  attempts: 0,
  failures: 0,
  attemptsSoon: 0,
  failuresSoon: 0,
  rateSoon: 0,
  firstByteSumMs: 0,
  firstByteCount: 0,
  atMs: 0,
  rateCounts: false,
  goodRun: 0,
  rateThen: 0,
  goodChecks: 0,
  failedMs: 0,
  triedMs: 0,
  clearedMs: Number.NEGATIVE_INFINITY,
  clearedRate: 0,
  relapses: 0,
};

/** The evidence at `nowMs`, with the outcomes of `counts` added. */
export function withCounts(before: Evidence, counts: TrafficCounts, nowMs: number): Evidence {
  const elapsedMs = Math.max(0, nowMs - before.atMs);
  const kept = 2 ** (-elapsedMs / HALF_LIFE_MS);
  const keptSoon = 2 ** (-elapsedMs / SOON_HALF_LIFE_MS);
  const attempts = before.attempts * kept + counts.attempts;
  const failures = before.failures * kept + counts.failures;
  const attemptsSoon = before.attemptsSoon * keptSoon + counts.attempts;
  const failuresSoon = before.failuresSoon * keptSoon + counts.failures;
  const failed = counts.failures > 0;
  const rateCounts =
    before.rateCounts || isEnough(attempts, failures) || isRelapse(before, { attempts, failures, nowMs });
  return cleared(
    {
      ...before,
      attempts,
      failures,
      attemptsSoon,
      failuresSoon,
      rateSoon: isEnoughSoon(attemptsSoon, failuresSoon) ? failuresSoon / attemptsSoon : before.rateSoon,
      firstByteSumMs: before.firstByteSumMs * kept + counts.firstByteSumMs,
      firstByteCount: before.firstByteCount * kept + counts.firstByteCount,
      atMs: Math.max(before.atMs, nowMs),
      rateCounts,
      relapses: rateCounts === before.rateCounts ? before.relapses : relapsesAt(before, nowMs),
      // In which order they came within the counts, nobody knows.
      goodRun: failed ? 0 : before.goodRun + counts.attempts,
      rateThen: failed ? Math.min(1, failures / attempts) : before.rateThen,
      goodChecks: failed ? 0 : before.goodChecks,
      failedMs: failed ? nowMs : before.failedMs,
      triedMs: counts.attempts > 0 ? nowMs : before.triedMs,
    },
    nowMs,
  );
}

/** The evidence at `nowMs` after a check; `latencyMs` is undefined when it says nothing of that. */
export function withCheck(before: Evidence, good: boolean, latencyMs: number | undefined, nowMs: number): Evidence {
  const heard =
    latencyMs === undefined ? NOTHING_NEW : { ...NOTHING_NEW, firstByteSumMs: latencyMs, firstByteCount: 1 };
  const goodChecks = good ? before.goodChecks + 1 : 0;
  return withCounts({ ...before, goodChecks }, heard, nowMs);
}

/** Without its rate of failures: whatever they were about is over. */
export function withoutRate(evidence: Evidence): Evidence {
  return { ...evidence, attempts: 0, failures: 0, attemptsSoon: 0, failuresSoon: 0, rateSoon: 0, rateCounts: false };
}

/** The same on no more first bytes than an idle endpoint may have. */
export function whenIdle(before: Evidence): Evidence {
  const { firstByteCount, firstByteSumMs } = before;
  if (firstByteCount <= FIRST_BYTES_IDLE_MAX) return before;
  const kept = FIRST_BYTES_IDLE_MAX / firstByteCount;
  return { ...before, firstByteSumMs: firstByteSumMs * kept, firstByteCount: firstByteCount * kept };
}

/**
 * Share of attempts that failed, 0 to 1; 0 while there are too few to say, and once it has been cleared. It is that of the last seconds in
 * which there was enough to say, where that is the higher one.
 */
export function errorRateOf({ rateCounts, attempts, failures, rateSoon }: Evidence): number {
  if (!rateCounts || attempts <= COUNT_MIN) return 0;
  return Math.min(1, Math.max(failures / attempts, rateSoon));
}

/** Whether a rate was cleared a short while ago, and does not count again. */
export function onProbation({ rateCounts, clearedMs }: Evidence, nowMs: number): boolean {
  return !rateCounts && nowMs - clearedMs <= RELAPSE_WITHIN_MS;
}

/** Mean first-byte time in ms; NaN when there is none to speak of. */
export function latencyOf({ firstByteSumMs, firstByteCount }: Evidence): number {
  return firstByteCount < COUNT_MIN ? Number.NaN : firstByteSumMs / firstByteCount;
}

function isEnough(attempts: number, failures: number): boolean {
  return failures >= FAILURES_ENOUGH || (attempts >= ATTEMPTS_MIN && failures >= FAILURES_MIN);
}

/** How many times in a row the rate has come back, as it begins to count once more. */
function relapsesAt({ clearedMs, relapses }: Evidence, nowMs: number): number {
  return nowMs - clearedMs <= RELAPSE_WITHIN_MS ? Math.min(RELAPSES_MAX, relapses + 1) : 0;
}

/**
 * Whether what came soon after a rate was cleared is more likely of that rate than of an endpoint that is well (Wald's sequential test). Such an endpoint is known to have failed a
 * short while ago, so that less than what would say something of any other is enough: each request until it is found out is one that may fail.
 */
function isRelapse(before: Evidence, { attempts, failures, nowMs }: Since): boolean {
  const { clearedRate } = before;
  if (failures === 0 || !onProbation(before, nowMs) || clearedRate <= WELL_RATE) return false;
  const ill = Math.min(ILL_RATE_MAX, clearedRate);
  const forIll = failures * Math.log(ill / WELL_RATE);
  const forWell = (attempts - failures) * Math.log((1 - WELL_RATE) / (1 - ill));
  return forIll - forWell >= Math.log(RELAPSE_ODDS);
}

type Since = Pick<Evidence, 'attempts' | 'failures'> & { readonly nowMs: number };

/** Whether the last seconds say something of a rate: enough failures, or so many attempts that few failures are news too. */
function isEnoughSoon(attempts: number, failures: number): boolean {
  return failures >= FAILURES_ENOUGH || attempts >= ATTEMPTS_SOON_MIN;
}

/** Without the rate of failures, where successes have cleared it: the requests after an outage must not bring it back. */
function cleared(evidence: Evidence, nowMs: number): Evidence {
  if (!evidence.rateCounts) return evidence;
  const { goodRun, goodChecks, failedMs, triedMs, rateThen, relapses } = evidence;
  const doubt = 2 ** relapses;
  const long = nowMs - failedMs >= CLEAR_AFTER_MS * doubt;
  const improbable = (doubt * Math.log(CHANCE_MAX)) / Math.log1p(-rateThen);
  const answered = goodRun >= Math.max(long ? 1 : GOOD_RUN_MIN * doubt, improbable);
  const leftAlone = long && goodChecks >= GOOD_CHECKS_MIN && nowMs - triedMs >= QUIET_MS;
  return answered || leftAlone ? { ...withoutRate(evidence), clearedMs: nowMs, clearedRate: rateThen } : evidence;
}

const NOTHING_NEW: TrafficCounts = { attempts: 0, failures: 0, firstByteSumMs: 0, firstByteCount: 0 };
