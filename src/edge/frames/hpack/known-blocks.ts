import { isWorthLearning } from '../../message/worth-learning.ts';
import type { Field } from './field.ts';

/** Blocks that a connection knows: the heads of messages, and their trailers, which come in turn. */
export const BLOCKS_MAX = 2;
/** Longer ones are decoded each time. */
export const BLOCK_BYTES_MAX = 256;

/** A header block that has been decoded, and is the same again where its bytes are. */
export type KnownBlock = {
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  /** The size of the list. */
  readonly listBytes: number;
  /** What whoever reads the fields has found out about them. It is for them to know what it is; it depends on the fields alone. */
  meaning: unknown;
};

/**
 * The blocks that came last on a connection. Most heads say what one before said, and so does the block, byte for byte, as soon as all that can be is
 * in the table: what the same bytes mean is the same until the table changes.
 */
export class KnownBlocks {
  readonly #blocks: KnownBlock[] = [];
  /** The state of the table for which they hold. */
  #changes = 0;
  #misses = 0;
  /** Which place the next one takes. */
  #next = 0;

  find(changes: number, bytes: Uint8Array, from: number, to: number): KnownBlock | undefined {
    if (changes !== this.#changes) return undefined;
    for (const block of this.#blocks) {
      if (!isSame(block.bytes, bytes, from, to)) continue;
      this.#misses = 0;
      return block;
    }
    return undefined;
  }

  /** Looks out for this block from now on, unless that seems not to be worth it. Its decoding has left the table in the state `changes`, and not changed it. */
  remember(changes: number, bytes: Uint8Array, list: Pick<KnownBlock, 'fields' | 'listBytes'>): KnownBlock | undefined {
    this.#misses += 1;
    if (!isWorthLearning(this.#misses)) return undefined;
    if (changes !== this.#changes) this.#forget();
    this.#changes = changes;
    const block: KnownBlock = { ...list, bytes: Uint8Array.from(bytes), meaning: undefined };
    this.#blocks[this.#next] = block;
    this.#next = (this.#next + 1) % BLOCKS_MAX;
    return block;
  }

  #forget(): void {
    this.#blocks.length = 0;
    this.#next = 0;
  }
}

function isSame(own: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (own.length !== to - from) return false;
  for (let i = 0; i < own.length; i += 1) if (own[i] !== bytes[from + i]) return false;
  return true;
}
