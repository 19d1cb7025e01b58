import { getHeapStatistics } from 'node:v8';

export type Cost = {
  /** Median over the rounds. */
  readonly ns: number;
  /** The slowest round of those that are not among the slowest twentieth. */
  readonly p95Ns: number;
  /** What one call leaves to the garbage collector; median over the rounds. */
  readonly bytes: number;
};

const WARM_UP_MS = 300;
const WARM_UP_CALLS = 100;
/** Many of the ticks by which the kernel counts. */
const ROUND_MS = 40;
const ROUNDS = 20;
/** The heap hands out memory in pages: so many calls that a page more or less does not matter. */
const BYTES_CALLS = 4000;
const BYTES_ROUNDS = 5;

/** How long one call takes and how much it allocates, once the compiler has made of it what it makes of a hot function. */
export function costOf(call: () => void): Cost {
  const calls = warmUp(call);
  const rounds = Array.from({ length: ROUNDS }, () => nsPerCall(call, calls)).sort((a, b) => a - b);
  const bytes = Array.from({ length: BYTES_ROUNDS }, () => bytesPerCall(call)).sort((a, b) => a - b);
  return { ns: at(rounds, 0.5), p95Ns: at(rounds, 0.95), bytes: at(bytes, 0.5) };
}

/** Calls that fit into a round. */
function warmUp(call: () => void): number {
  const untilUs = threadUs() + WARM_UP_MS * 1000;
  let calls = 0;
  while (threadUs() < untilUs) {
    for (let i = 0; i < WARM_UP_CALLS; i += 1) call();
    calls += WARM_UP_CALLS;
  }
  return Math.max(1, Math.ceil((calls * ROUND_MS) / WARM_UP_MS));
}

function nsPerCall(call: () => void, calls: number): number {
  const startUs = threadUs();
  for (let i = 0; i < calls; i += 1) call();
  return ((threadUs() - startUs) * 1000) / calls;
}

/** What this thread has had of a core so far: what else runs on the machine is not counted. */
function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function bytesPerCall(call: () => void): number {
  const before = allocatedBytes();
  for (let i = 0; i < BYTES_CALLS; i += 1) call();
  return (allocatedBytes() - before) / BYTES_CALLS;
}

/** All that was ever allocated on the heap, collected or not. */
function allocatedBytes(): number {
  return (getHeapStatistics() as unknown as { readonly total_allocated_bytes: number }).total_allocated_bytes;
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] as number;
}
