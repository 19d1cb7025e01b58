import type { Clock, Random } from './clock.ts';
import type { Emit } from './event.ts';

/** Something that is done again and again beside the requests. */
export type Loop = {
  readonly name: string;
  readonly periodMs: () => number;
  /** One round. It bounds its own time, and reads the outside before it decides. */
  readonly tick: (signal: AbortSignal) => Promise<void>;
};

/** Waits `ms`, or less when the signal aborts; never rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export type LoopDeps = {
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly emit: Emit;
  readonly signal: AbortSignal;
};

/** How far a period is stretched or shortened by chance, so that many edges do not tick together. */
export const JITTER = 0.1;

/**
 * Runs a loop until the signal aborts. A tick never overlaps the one before it, and one that fails is reported and does
 * not end the loop. The period counts from start to start, so a slow tick does not slow the loop down.
 */
export async function runLoop(loop: Loop, deps: LoopDeps): Promise<void> {
  while (!deps.signal.aborted) {
    const startMs = deps.clock.nowMs();
    try {
      await loop.tick(deps.signal);
    } catch (error) {
      deps.emit({ type: 'loop-failed', loop: loop.name, error: String(error) });
    }
    const periodMs = loop.periodMs() * (1 + JITTER * (2 * deps.random() - 1));
    await deps.sleep(Math.max(0, startMs + periodMs - deps.clock.nowMs()), deps.signal);
  }
}
