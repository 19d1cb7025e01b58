import { isWorthLearning } from './worth-learning.ts';

/** Longer heads are read anew each time. */
export const SAME_HEAD_BYTES_MAX = 1024;

/** Bytes that were read, and the same eight by eight from the first on. */
export type WordBytes = { readonly whole: Uint8Array; readonly words: Float64Array };

/** A view of a buffer that begins where its memory does. */
export function wordsOf(whole: Uint8Array): Float64Array {
  return new Float64Array(whole.buffer, whole.byteOffset, whole.length >> 3);
}

const NOTHING = new Uint8Array(0);
const NO_WORDS = wordsOf(NOTHING);

/**
 * Knows the last head of a connection by its bytes: most say again what the one before said, and what was found out about the same bytes
 * need not be found out again. Comparing costs a tenth of reading.
 *
 * It is compared as numbers of eight bytes. Two different eights that are equal as numbers are the two zeros, and no head has a NUL in it;
 * one that is not equal to itself is only taken for another head.
 */
export class SameHead {
  #length = 0;
  /** Of the first head of all it is not known yet whether there will be another. */
  #misses = -1;
  #whole: Uint8Array = NOTHING;
  #words = NO_WORDS;

  /** The offset after that head, if it is at `from` (a multiple of eight), or 0. */
  endAt({ whole, words }: WordBytes, from: number, to: number): number {
    const length = this.#length;
    if (length === 0 || to - from < length) return 0;
    const own = this.#words;
    const count = length >> 3;
    const first = from >> 3;
    for (let i = 0; i < count; i += 1) if (words[first + i] !== own[i]) return 0;
    for (let i = count << 3; i < length; i += 1) if (whole[from + i] !== this.#whole[i]) return 0;
    this.#misses = 0;
    return from + length;
  }

  /** Looks out for this head from now on, which has been read whole and found good, unless that seems not to be worth it. */
  remember({ whole, words }: WordBytes, from: number, end: number): void {
    this.#length = 0;
    this.#misses += 1;
    const length = end - from;
    if (length > SAME_HEAD_BYTES_MAX || this.#misses === 0) return;
    if (!isWorthLearning(this.#misses)) return;
    if (length > this.#whole.length) this.#grow(length);
    const count = length >> 3;
    const first = from >> 3;
    for (let i = 0; i < count; i += 1) this.#words[i] = words[first + i] as number;
    for (let i = count << 3; i < length; i += 1) this.#whole[i] = whole[from + i] as number;
    this.#length = length;
  }

  /** What it knew is not true any more. */
  forget(): void {
    this.#length = 0;
  }

  #grow(bytes: number): void {
    this.#whole = new Uint8Array(Math.ceil(bytes / 64) * 64);
    this.#words = wordsOf(this.#whole);
  }
}
