import type { AheadBytes } from '../../client/ahead-bytes.ts';

/** What has been read of a connection and not been looked at yet, or is no whole head yet. What waits for its turn is counted in all. */
export class Ahead {
  bytes: Buffer | undefined;
  readonly #all: AheadBytes;
  #counted = 0;

  constructor(all: AheadBytes) {
    this.#all = all;
  }

  get length(): number {
    return this.bytes === undefined ? 0 : this.bytes.length;
  }

  /** It, and behind it what has come now, up to `to`: the very same bytes when there is nothing before them. */
  before(bytes: Buffer, to: number): Buffer {
    return this.bytes === undefined ? bytes : Buffer.concat([this.bytes, bytes.subarray(0, to)]);
  }

  /** A head that is not whole. */
  start(bytes: Buffer, from: number, to: number): void {
    this.bytes = Buffer.from(bytes.subarray(from, to));
  }

  /** More that came before its turn. False when there is no room for it: nothing is kept then. */
  add(bytes: Buffer, from: number, to: number): boolean {
    const more = bytes.subarray(from, to);
    if (!this.#all.take(more.length)) {
      this.drop();
      return false;
    }
    this.#counted += more.length;
    this.bytes = this.bytes === undefined ? Buffer.from(more) : Buffer.concat([this.bytes, more]);
    return true;
  }

  drop(): void {
    this.bytes = undefined;
    if (this.#counted === 0) return;
    this.#all.give(this.#counted);
    this.#counted = 0;
  }
}
