import type { LoopDeps } from '../table/loop.ts';
import type { AlertChange } from './alert.ts';

/** How a delivery went. `final`: the sink has refused it, and would refuse it again. */
export type Delivery =
  | { readonly ok: true }
  | { readonly ok: false; readonly final: boolean; readonly error: string; readonly retryAfterMs?: number };

export type Deliver = (changes: readonly AlertChange[], signal: AbortSignal) => Promise<Delivery>;

export type CourierOptions = {
  /** Its name in logs, metrics and the state file. */
  readonly sink: string;
  readonly deliver: Deliver;
  /** Changes in one delivery. */
  readonly batchMax: number;
  /** `every` change is delivered, in order; or each `push` replaces what still waits. */
  readonly keeps: 'every' | 'latest';
  /** The longest pause between two tries; `BACKOFF_MAX_MS` unless the sink forgets sooner. */
  readonly backoffMaxMs?: number;
};

export type CourierStatus = {
  readonly sink: string;
  readonly up: boolean;
  readonly waiting: number;
  readonly lastError: string | null;
  readonly delivered: number;
  /** Deliveries that failed and are tried again; that were refused; changes dropped because too many waited. */
  readonly failed: number;
  readonly refused: number;
  readonly dropped: number;
};

/** Changes that wait for a sink; the oldest of more are dropped, and counted. */
export const WAITING_MAX = 1000;
/** A delivery that failed is tried again after the first, then twice as long each time up to the second. */
const BACKOFF_MIN_MS = 1000;
export const BACKOFF_MAX_MS = 5 * 60_000;

/**
 * Brings changes to one sink: one delivery at a time, tried again with growing pauses until it succeeds or is refused for
 * good. A sink that is down or hangs holds up nothing but its own queue.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #deps: LoopDeps;
  readonly #counts = { delivered: 0, failed: 0, refused: 0, dropped: 0 };
  #waiting: readonly AlertChange[] = [];
  #underWay: readonly AlertChange[] = [];
  #pushes = 0;
  #failures = 0;
  #lastError: string | null = null;
  #running: Promise<void> | undefined;

  constructor(options: CourierOptions, deps: LoopDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  get sink(): string {
    return this.#options.sink;
  }

  get status(): CourierStatus {
    return {
      sink: this.sink,
      up: this.#lastError === null,
      waiting: this.#waiting.length + this.#underWay.length,
      lastError: this.#lastError,
      ...this.#counts,
    };
  }

  /** What has not been delivered yet, in order. Empty for a sink that gets everything again anyway. */
  get undelivered(): readonly AlertChange[] {
    return this.#options.keeps === 'latest' ? [] : [...this.#underWay, ...this.#waiting];
  }

  /** Hands over changes and returns at once. */
  push(changes: readonly AlertChange[]): void {
    this.#pushes += 1;
    const all = this.#options.keeps === 'latest' ? changes : [...this.#waiting, ...changes];
    this.#waiting = this.#withinLimit(all);
    if (this.#waiting.length > 0) this.#running ??= this.#run();
  }

  /** Resolves when nothing is under way: all is delivered, or the signal has ended it. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal, sleep, random } = this.#deps;
    while (this.#waiting.length > 0 && !signal.aborted) {
      const pushes = this.#pushes;
      this.#underWay = this.#waiting.slice(0, this.#options.batchMax);
      this.#waiting = this.#waiting.slice(this.#underWay.length);
      const delivery = await this.#deliver(signal);
      // Cut off by the end of the courier, not by the sink: it waits for whoever comes next.
      const again = !delivery.ok && signal.aborted ? true : this.#settle(delivery);
      if (again) this.#putBack(pushes);
      this.#underWay = [];
      if (again) await sleep(this.#pauseMs(delivery, random()), signal);
    }
    this.#running = undefined;
  }

  #pauseMs(delivery: Delivery, draw: number): number {
    const { backoffMaxMs = BACKOFF_MAX_MS } = this.#options;
    const asked = delivery.ok ? 0 : (delivery.retryAfterMs ?? 0);
    return Math.min(Math.max(backoffMs(this.#failures, draw), asked), backoffMaxMs);
  }

  async #deliver(signal: AbortSignal): Promise<Delivery> {
    try {
      return await this.#options.deliver(this.#underWay, signal);
    } catch (error) {
      return { ok: false, final: false, error: String(error) };
    }
  }

  /** Counts a delivery, and emits an event when the sink goes down or comes back. Returns whether to deliver again. */
  #settle(delivery: Delivery): boolean {
    const { emit } = this.#deps;
    if (delivery.ok) {
      this.#counts.delivered += 1;
      this.#failures = 0;
      if (this.#lastError !== null) emit({ type: 'sink-recovered', sink: this.sink });
      this.#lastError = null;
      return false;
    }
    this.#counts[delivery.final ? 'refused' : 'failed'] += 1;
    this.#failures += 1;
    if (this.#lastError === null || delivery.final)
      emit({ type: 'sink-failed', sink: this.sink, error: delivery.error });
    this.#lastError = delivery.error;
    return !delivery.final;
  }

  /** A sink that wants the latest state only has got a newer one: the older one is worthless. */
  #putBack(pushesBefore: number): void {
    if (this.#options.keeps === 'latest' && this.#pushes !== pushesBefore) return;
    this.#waiting = this.#withinLimit([...this.#underWay, ...this.#waiting]);
  }

  #withinLimit(changes: readonly AlertChange[]): readonly AlertChange[] {
    const limit = this.#options.keeps === 'latest' ? Number.POSITIVE_INFINITY : WAITING_MAX;
    if (changes.length <= limit) return changes;
    this.#counts.dropped += changes.length - limit;
    return changes.slice(changes.length - limit);
  }
}

/** How long to wait after so many failures in a row (at least 1): 1 s, 2 s … 5 min, less up to half of it by chance. */
export function backoffMs(failures: number, draw: number): number {
  const fullMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(failures - 1, 30));
  return fullMs * (1 - draw / 2);
}
