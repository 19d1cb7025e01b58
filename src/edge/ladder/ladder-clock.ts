import { TICK_MS } from '../../table/deadlines.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';

const AFTER_MS = 2 * TICK_MS;

/** How long a ladder waits for each of its steps, within the time of the request. */
export class LadderClock {
  /** What tells the time; set before anything is waited for. */
  deadlines: { readonly nowMs: number } | undefined;
  readonly #request: { readonly untilMs: number };
  readonly #late: () => void;
  #timer: Timer | undefined;

  /** `late` is called when what was waited for has not come. */
  constructor(request: { readonly untilMs: number }, late: () => void) {
    this.#request = request;
    this.#late = late;
  }

  /** Whether no time is left for the request. */
  get isOver(): boolean {
    return this.#leftMs <= 0;
  }

  /** Waits so many ms, or less where the request has less. */
  wait(ms: number): void {
    stopTimer(this.#timer);
    // The endpoints' own end of time comes first, where they are being asked: then they have failed, and are not just late.
    const endMs = Math.max(0, Math.ceil(this.#leftMs)) + AFTER_MS;
    this.#timer = startTimer(Math.min(ms, endMs), LadderClock.due, this);
  }

  /** Waits for as long as the request has; without a limit it does not wait, since something else has one. */
  waitForEnd(): void {
    stopTimer(this.#timer);
    if (this.#leftMs !== Number.POSITIVE_INFINITY) this.wait(this.#leftMs);
  }

  stop(): void {
    stopTimer(this.#timer);
  }

  static due(this: void, self: LadderClock): void {
    self.#late();
  }

  get #leftMs(): number {
    const { untilMs } = this.#request;
    return untilMs === Number.POSITIVE_INFINITY ? untilMs : untilMs - (this.deadlines?.nowMs ?? untilMs);
  }
}
