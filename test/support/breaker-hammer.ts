import type { BreakerCells } from '../../src/resilience/breaker-cells.ts';

/** What threads that hammer one breaker share. All of it is over SharedArrayBuffers. */
export type Hammered = {
  readonly words: Int32Array;
  readonly untilMs: Float64Array;
  /** `[0]` probes that the threads have now, `[1]` the most that they ever had, `[2]` who had the last, `[3]` changes of hands. */
  readonly probing: Int32Array;
  /** `[0]` threads that have come. */
  readonly gate: Int32Array;
};

export const THREADS = 2;
/** The threads end after so many changes of hands, or after so many rounds on a machine that lets them meet seldom. */
export const HANDOVERS = 20_000;
export const ROUNDS_MAX = 5_000_000;
/** Never closes and never runs out of time, so that the bound on probes is all that holds anybody back. */
export const HAMMER_POLICY = { failures: 1, successes: 255, openMs: 1e9, probes: 1 };

/** Asks for probes as fast as it can and gives each back, counting how many are out at a time. `me` is 1 or more. */
export function hammer({ probing, gate }: Hammered, cells: BreakerCells, me: number): void {
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 0) < THREADS) Atomics.pause();
  const at = { nowMs: 0, policy: HAMMER_POLICY };
  for (let round = 0; round < ROUNDS_MAX && Atomics.load(probing, 3) < HANDOVERS; round += 1) {
    const epoch = cells.admit(0, at);
    if (epoch === -1) continue;
    const now = Atomics.add(probing, 0, 1) + 1;
    if (now > Atomics.load(probing, 1)) Atomics.store(probing, 1, now);
    if (Atomics.exchange(probing, 2, me) !== me) Atomics.add(probing, 3, 1);
    Atomics.sub(probing, 0, 1);
    cells.report(0, epoch, 'abandoned', at);
  }
}
