import type { BreakerPolicy } from '../config/topology.ts';
import { admits, type Breaker, type BreakerSignal, type BreakerState, step } from './breaker.ts';

/**
 * Breakers as cells that all threads share. A word packs what must change together, so one compare-and-swap moves it:
 *
 *   bits 0–1 state · bits 2–9 failures or successes · bits 10–15 probes in flight · bits 16–31 epoch
 *
 * The epoch counts changes of state. Whoever was admitted keeps it, and a report that comes back under another epoch is
 * about a time that is over, and is ignored. `untilMs` is stored before the word that makes it count.
 *
 * A closed breaker with no failures, which is nearly every one nearly always, is only read.
 */
/** What `report` says of a breaker that changed its state. */
export type BreakerMove = { readonly from: BreakerState; readonly to: BreakerState };

export type BreakerAt = { readonly nowMs: number; readonly policy: BreakerPolicy };

export const COUNT_MAX = 255;
export const PROBES_MAX = 63;

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];
const HALF_OPEN = 2;

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
    return ((this.#words[index] as number) & 3) === 0;
  }

  /**
   * Whether a request could be sent now: what `admits` says of `read`, without making an object, since a decision asks it
   * of every endpoint. Changes nothing.
   */
  wouldAdmit(index: number, nowMs: number, policy: BreakerPolicy): 'yes' | 'probe' | 'no' {
    const word = this.#words[index] as number;
    if ((word & 3) === 0) return 'yes';
    if (nowMs >= (this.#untilMs[index] as number)) return 'probe';
    return (word & 3) === HALF_OPEN && ((word >>> 10) & PROBES_MAX) < policy.probes ? 'probe' : 'no';
  }

  /** Asks to send a request. Returns the epoch to report under, or -1 when it was refused. */
  admit(index: number, at: BreakerAt): number {
    for (;;) {
      const word = Atomics.load(this.#words, index);
      if ((word & 3) === 0) return epochOf(word);
      const before = this.#decode(word, index);
      if (admits(before, at.nowMs, at.policy) === 'no') return -1;
      const next = this.#move(index, word, before, step(before, 'admit', at.nowMs, at.policy));
      if (next !== undefined) return epochOf(next);
    }
  }

  /** The epoch now, for a request that is sent whatever the breaker says. */
  epoch(index: number): number {
    return epochOf(Atomics.load(this.#words, index));
  }

  /** Reports how a request that was admitted in `epoch` ended. Returns the change of state that it caused, if any. */
  report(
    index: number,
    epoch: number,
    signal: Exclude<BreakerSignal, 'admit'>,
    at: BreakerAt,
  ): BreakerMove | undefined {
    for (;;) {
      const word = Atomics.load(this.#words, index);
      if (epochOf(word) !== epoch) return undefined;
      if ((word & 0xffff) === 0 && signal !== 'failure') return undefined;
      const before = this.#decode(word, index);
      const after = step(before, signal, at.nowMs, at.policy);
      if (after === before) return undefined;
      if (this.#move(index, word, before, after) === undefined) continue;
      return before.state === after.state ? undefined : { from: before.state, to: after.state };
    }
  }

  /** Swaps `before` for `after`; the word now stored, or undefined when another thread was first. */
  #move(index: number, word: number, before: Breaker, after: Breaker): number | undefined {
    // Stored only when it is another: a thread that comes second would else put back the time that the first has moved.
    if (after.state !== 'closed' && !(before.state !== 'closed' && before.untilMs === after.untilMs)) {
      this.#untilMs[index] = after.untilMs;
    }
    const epoch = before.state === after.state ? epochOf(word) : (epochOf(word) + 1) & 0xffff;
    const next = encode(after, epoch);
    return Atomics.compareExchange(this.#words, index, word, next) === word ? next : undefined;
  }

  #decode(word: number, index: number): Breaker {
    const untilMs = this.#untilMs[index] as number;
    const count = (word >>> 2) & COUNT_MAX;
    switch (STATES[word & 3]) {
      case 'open':
        return { state: 'open', untilMs };
      case 'half-open':
        return { state: 'half-open', probing: (word >>> 10) & PROBES_MAX, successes: count, untilMs };
      default:
        return { state: 'closed', failures: count };
    }
  }
}

function epochOf(word: number): number {
  return word >>> 16;
}

function encode(b: Breaker, epoch: number): number {
  const count = b.state === 'closed' ? b.failures : b.state === 'half-open' ? b.successes : 0;
  const probing = b.state === 'half-open' ? b.probing : 0;
  return STATES.indexOf(b.state) | (count << 2) | (probing << 10) | (epoch << 16);
}
