import type { Clock } from './clock.ts';

export type ScheduleRules<T> = {
  readonly inFlightMax: number;
  readonly clock: Clock;
  /** Does the job, and says when it is due again, in ms of the clock. */
  readonly run: (job: T) => Promise<number>;
  /** Called when `run` rejects, which only a mistake in the program makes it do. */
  readonly onError: (error: unknown) => void;
};

/**
 * Jobs that come round again, each in its own time. At most `inFlightMax` run at once, and those that are due longest go
 * first. A job never overlaps itself, and one that hangs holds up only its own place.
 *
 * Nothing here waits: a loop calls `launch` whenever a job may be due, and a job that ends launches the next one that
 * waits for a place.
 */
export class Schedule<T> {
  readonly #rules: ScheduleRules<T>;
  readonly #turns = new Map<T, Turn<T>>();
  /** Due, in order, but without a place yet. */
  #queue: Turn<T>[] = [];
  #inFlight = 0;

  constructor(rules: ScheduleRules<T>) {
    this.#rules = rules;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes a job in, or moves its next turn; a job that runs now keeps running, and has its say when it ends. */
  add(job: T, dueMs: number): void {
    const turn = this.#turns.get(job);
    if (turn === undefined) this.#turns.set(job, { job, dueMs, at: 'rest' });
    else turn.dueMs = dueMs;
  }

  /** A job that runs now runs to its end, and then is not due any more. */
  remove(job: T): void {
    this.#turns.delete(job);
  }

  /** Starts what is due, as far as there are places. */
  launch(): void {
    const nowMs = this.#rules.clock.nowMs();
    const due: Turn<T>[] = [];
    for (const turn of this.#turns.values()) {
      if (turn.at === 'rest' && turn.dueMs <= nowMs) due.push(turn);
    }
    for (const turn of due) turn.at = 'queue';
    this.#queue = this.#queue.concat(due.sort((a, b) => a.dueMs - b.dueMs));
    this.#fill();
  }

  /** When a job is due; undefined while it runs, or when it is none of these. */
  dueMs(job: T): number | undefined {
    const turn = this.#turns.get(job);
    return turn === undefined || turn.at === 'work' ? undefined : turn.dueMs;
  }

  /** Milliseconds until the next job is due, 0 when one is; at most `maxMs`. */
  untilDueMs(maxMs: number): number {
    let dueMs = this.#rules.clock.nowMs() + maxMs;
    for (const turn of this.#turns.values()) {
      if (turn.at === 'rest' && turn.dueMs < dueMs) dueMs = turn.dueMs;
    }
    return Math.max(0, dueMs - this.#rules.clock.nowMs());
  }

  #fill(): void {
    while (this.#inFlight < this.#rules.inFlightMax) {
      const turn = this.#queue.shift();
      if (turn === undefined) return;
      if (this.#turns.get(turn.job) === turn) void this.#take(turn);
    }
  }

  async #take(turn: Turn<T>): Promise<void> {
    this.#inFlight += 1;
    turn.at = 'work';
    try {
      turn.dueMs = await this.#rules.run(turn.job);
    } catch (error) {
      turn.dueMs = this.#rules.clock.nowMs() + FAILED_AGAIN_MS;
      this.#rules.onError(error);
    } finally {
      this.#inFlight -= 1;
      turn.at = 'rest';
      this.#fill();
    }
  }
}

/** A job that ended with an error is due again after this time. */
export const FAILED_AGAIN_MS = 1000;

type Turn<T> = { readonly job: T; dueMs: number; at: 'rest' | 'queue' | 'work' };
