import { OUTCOMES, type Outcome, type WorkerBlock } from '../table/worker-block.ts';
import type { TrafficCounts } from './evidence.ts';

/** How often the threads' counters are read. */
export const TRAFFIC_PERIOD_MS = 1000;

/** Attempts that say nothing about the endpoint's health: neither a success nor a failure. */
const SILENT: readonly Outcome[] = ['abandoned', 'stale-connection', 'no-resources', 'overloaded', 'agreed'];

const REFUSED = OUTCOMES.indexOf('overloaded');
const SUCCESS = OUTCOMES.indexOf('success');
const FAILURES: readonly number[] = OUTCOMES.flatMap((outcome, i) =>
  i === SUCCESS || SILENT.includes(outcome) ? [] : [i],
);

/** A row's counters since the process began, added up over the threads. `outpaced` is a failure: it was too slow. */
export function totalsOf(blocks: readonly WorkerBlock[], row: number): TrafficCounts {
  const first = row * OUTCOMES.length;
  let successes = 0;
  let failures = 0;
  let firstByteSumMs = 0;
  let firstByteCount = 0;
  for (const { outcomes, firstByteSumMs: sums, firstByteCount: counts } of blocks) {
    successes += outcomes[first + SUCCESS] as number;
    for (const failure of FAILURES) failures += outcomes[first + failure] as number;
    firstByteSumMs += sums[row] as number;
    firstByteCount += counts[row] as number;
  }
  return { attempts: successes + failures, failures, firstByteSumMs, firstByteCount };
}

/** What came in between two totals. Counters that went back have begun anew, and then nothing is known of this once. */
export function between(before: TrafficCounts, after: TrafficCounts): TrafficCounts {
  const counts = {
    attempts: after.attempts - before.attempts,
    failures: after.failures - before.failures,
    firstByteSumMs: after.firstByteSumMs - before.firstByteSumMs,
    firstByteCount: after.firstByteCount - before.firstByteCount,
  };
  return Object.values(counts).some((value) => value < 0) ? NOTHING : counts;
}

export const NOTHING: TrafficCounts = { attempts: 0, failures: 0, firstByteSumMs: 0, firstByteCount: 0 };

/** Requests that a row's endpoint has refused for want of room since the process began, added up over the threads. */
export function refusedOf(blocks: readonly WorkerBlock[], row: number): number {
  return blocks.reduce((sum, { outcomes }) => sum + (outcomes[row * OUTCOMES.length + REFUSED] as number), 0);
}
