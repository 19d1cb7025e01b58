import type { BreakerPolicy } from '../config/topology-policy.ts';
import { admits, type Breaker, type BreakerSignal, type BreakerState, step } from './breaker.ts';

/**
 * Breakers as cells that all threads share. A word packs what must change together, so one compare-and-swap moves it:
 *
 *   bits 0–1 state · bits 2–9 failures or successes · bits 10–15 probes in flight · bits 16–31 epoch
 *
 * The epoch counts changes of state, and leases of half-open that have run out. Whoever was admitted keeps it in a *ticket*,
 * which also says whether a probe's place was taken: nobody else may free one. A report that comes back under another
 * epoch is about a time that is over, and is ignored. `untilMs` is stored before the word that makes it count.
 *
 * A closed breaker with no failures, which is nearly every one nearly always, is only read.
 */
/** What `report` says of a breaker that changed its state. */
export type BreakerMove = { readonly from: BreakerState; readonly to: BreakerState };

export type BreakerAt = { readonly nowMs: number; readonly policy: BreakerPolicy };

/** The most failures or successes that a word can count, and the most probes at a time. */
export const COUNT_MAX = 255;
export const PROBES_MAX = 63;

/** In a ticket, above the epoch: it has taken a probe's place. */
export const PROBE = 1 << 16;
/** The ticket of somebody who was refused. */
export const REFUSED = -1;

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];
/** Where the state is in a word: `CLOSED`, which is 0 so that a scan can look at other facts in the same test; `OPEN`; or half-open. A mask, since a scan calls nothing. */
export const STATE_BITS = 3;
const CLOSED = 0;
export const OPEN = 1;
const HALF_OPEN = 2;

/** All breakers of one kind, of endpoints or of clouds. */
export class BreakerCells {
  readonly #words: Int32Array;
  readonly #untilMs: Float64Array;

  /** `words` and `untilMs` are columns of the shared table, one breaker an index. */
  constructor(words: Int32Array, untilMs: Float64Array) {
    this.#words = words;
    this.#untilMs = untilMs;
  }

  read(index: number): Breaker {
    return this.#decode(Atomics.load(this.#words, index), index);
  }

  /** The state alone, without making an object of it. */
  isClosed(index: number): boolean {
    return ((this.#words[index] as number) & STATE_BITS) === CLOSED;
  }

  /**
   * Whether a request could be sent now: what `admits` says of `read`, without making an object, since a decision asks it
   * of every endpoint; a `second-probe` comes after something good has been heard. Changes nothing.
   */
  wouldAdmit(index: number, nowMs: number, policy: BreakerPolicy): 'yes' | 'probe' | 'second-probe' | 'no' {
    const word = this.#words[index] as number;
    if ((word & STATE_BITS) === CLOSED) return 'yes';
    const halfOpen = (word & STATE_BITS) === HALF_OPEN;
    const due = nowMs >= (this.#untilMs[index] as number);
    if (!due && !(halfOpen && ((word >>> 10) & PROBES_MAX) < policy.probes)) return 'no';
    return halfOpen && ((word >>> 2) & COUNT_MAX) > 0 ? 'second-probe' : 'probe';
  }

  /** How long until a passed check could move it, in ms: 0 while it is half-open, Infinity while it is closed. */
  untilVouchMs(index: number, nowMs: number): number {
    const state = (this.#words[index] as number) & STATE_BITS;
    if (state === CLOSED) return Number.POSITIVE_INFINITY;
    return state === HALF_OPEN ? 0 : Math.max(0, (this.#untilMs[index] as number) - nowMs);
  }

  /** Asks to send a request. Returns the ticket to report with, or `REFUSED`. */
  admit(index: number, at: BreakerAt): number {
    for (;;) {
      const word = Atomics.load(this.#words, index);
      if ((word & STATE_BITS) === CLOSED) return epochOf(word);
      const before = this.#decode(word, index);
      if (admits(before, at.nowMs, at.policy) === 'no') return REFUSED;
      const next = this.#move(index, word, before, step(before, 'admit', at.nowMs, at.policy));
      if (next !== undefined) return epochOf(next) | PROBE;
    }
  }

  /** A ticket for a request that is sent whatever the breaker says, and takes no place. */
  epoch(index: number): number {
    return epochOf(Atomics.load(this.#words, index));
  }

  /** Reports how the request of a ticket ended. Returns the change of state that it caused, if any. */
  report(
    index: number,
    ticket: number,
    signal: 'success' | 'failure' | 'abandoned',
    at: BreakerAt,
  ): BreakerMove | undefined {
    for (;;) {
      const word = Atomics.load(this.#words, index);
      if (epochOf(word) !== (ticket & EPOCH_MAX)) return undefined;
      if ((word & 0xffff) === 0 && signal !== 'failure') return undefined;
      const before = this.#decode(word, index);
      if (before.state !== 'half-open' || (ticket & PROBE) !== 0) {
        const moved = this.#step(index, word, before, { signal, at });
        if (moved !== RACED) return moved;
      } else {
        // It was sent in panic: whatever became of it, it has no place to give back.
        if (signal === 'abandoned') return undefined;
        const moved = this.#step(index, word, before, { signal: signal === 'success' ? 'vouched' : signal, at });
        if (moved !== RACED) return moved;
      }
    }
  }

  /**
   * A health check has passed. It counts once a breaker has been open for its time and no probe is out, since what requests find out
   * is worth more. A closed breaker stays as it is.
   */
  vouch(index: number, at: BreakerAt): BreakerMove | undefined {
    for (;;) {
      const word = Atomics.load(this.#words, index);
      if ((word & STATE_BITS) === CLOSED) return undefined;
      const before = this.#decode(word, index);
      if (before.state === 'closed') return undefined;
      const due = at.nowMs >= before.untilMs;
      if (!due && (before.state === 'open' || before.probing > 0)) return undefined;
      const moved = this.#step(index, word, before, { signal: 'vouched', at });
      if (moved !== RACED) return moved;
    }
  }

  /** An open breaker has waited for long enough, whatever its time: the next request may be a probe. */
  expire(index: number, nowMs: number): void {
    if (((this.#words[index] as number) & STATE_BITS) !== OPEN) return;
    this.#untilMs[index] = Math.min(nowMs, this.#untilMs[index] as number);
  }

  /** What a signal changes; `RACED` when another thread was first, and it has to be looked at again. */
  #step(
    index: number,
    word: number,
    before: Breaker,
    { signal, at }: { readonly signal: BreakerSignal; readonly at: BreakerAt },
  ): BreakerMove | undefined | typeof RACED {
    const after = step(before, signal, at.nowMs, at.policy);
    if (after === before) return undefined;
    if (this.#move(index, word, before, after) === undefined) return RACED;
    return before.state === after.state ? undefined : { from: before.state, to: after.state };
  }

  /** Swaps `before` for `after`; the word now stored, or undefined when another thread was first. */
  #move(index: number, word: number, before: Breaker, after: Breaker): number | undefined {
    // Stored only when it is another: a thread that comes second would else put back the time that the first has moved.
    if (after.state !== 'closed' && !(before.state !== 'closed' && before.untilMs === after.untilMs)) {
      this.#untilMs[index] = after.untilMs;
    }
    const renewed = before.state === 'half-open' && after.state === 'half-open' && before.untilMs !== after.untilMs;
    const epoch = before.state === after.state && !renewed ? epochOf(word) : (epochOf(word) + 1) & EPOCH_MAX;
    const next = encode(after, epoch);
    return Atomics.compareExchange(this.#words, index, word, next) === word ? next : undefined;
  }

  #decode(word: number, index: number): Breaker {
    const untilMs = this.#untilMs[index] as number;
    const count = (word >>> 2) & COUNT_MAX;
    switch (STATES[word & STATE_BITS]) {
      case 'open':
        return { state: 'open', untilMs };
      case 'half-open':
        return { state: 'half-open', probing: (word >>> 10) & PROBES_MAX, successes: count, untilMs };
      default:
        return { state: 'closed', failures: count };
    }
  }
}

const RACED = 'raced';
const EPOCH_MAX = 0xffff;

function epochOf(word: number): number {
  return word >>> 16;
}

/** A closed breaker in the place of another one: whoever was admitted by that, is not heard by this. */
export function closedAfter(word: number): number {
  return ((epochOf(word) + 1) & EPOCH_MAX) << 16;
}

function encode(b: Breaker, epoch: number): number {
  const count = b.state === 'closed' ? b.failures : b.state === 'half-open' ? b.successes : 0;
  const probing = b.state === 'half-open' ? b.probing : 0;
  return STATES.indexOf(b.state) | (count << 2) | (probing << 10) | (epoch << 16);
}
