/**
 * Log lines on their way from the thread that makes them to the one that writes them: a ring of bytes in memory that both share.
 *
 * One side writes and one reads. A line is in the ring as a whole before the position that says so moves, so that the reader
 * never sees half of one, also when the writer dies in the middle. Lines never wrap: one that does not fit before the end starts
 * over at the beginning, and the wrap cell says where the reader must do the same. A writer that finds the ring empty starts
 * over from the middle on: a ring that is read in time touches half of its memory, and still has room for as much as that until the
 * reader has followed. A line for which there is no room is refused.
 */
export class LineRing {
  readonly shared: SharedArrayBuffer;
  readonly bytes: Buffer;
  readonly #at: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.#at = new Int32Array(shared, 0, CELLS);
    this.bytes = Buffer.from(shared, HEADER_BYTES);
  }

  /** An empty ring for `bytes` of lines. */
  static create(bytes: number = RING_BYTES): LineRing {
    return new LineRing(new SharedArrayBuffer(HEADER_BYTES + bytes));
  }

  /**
   * Writes a whole line, as UTF-8. `announce`: the reader has not been woken since it last looked, and must be now. `full`: there
   * was no room for it.
   */
  write(line: string): 'written' | 'announce' | 'full' {
    const start = this.#room(line.length * UTF8_BYTES_MAX);
    if (start === NO_ROOM) return 'full';
    Atomics.store(this.#at, WRITE, start + this.bytes.write(line, start));
    return Atomics.exchange(this.#at, ANNOUNCED, 1) === 0 ? 'announce' : 'written';
  }

  /** Where in `bytes` the next lines are that are in one piece; undefined when there are none. They stay until `release`. */
  peek(): { readonly from: number; readonly to: number } | undefined {
    // Before the look: what is written from now on is announced anew.
    Atomics.store(this.#at, ANNOUNCED, 0);
    const read = Atomics.load(this.#at, READ);
    const write = Atomics.load(this.#at, WRITE);
    if (read === write) return undefined;
    if (read < write) return { from: read, to: write };
    const wrap = Atomics.load(this.#at, WRAP);
    return read === wrap ? { from: 0, to: write } : { from: read, to: wrap };
  }

  /** The lines before `to` have been read: their room is free. */
  release(to: number): void {
    Atomics.store(this.#at, READ, to);
  }

  /** Where `bytes` in a row may be written, without ever filling the ring: full and empty would look the same. */
  #room(bytes: number): number {
    const read = Atomics.load(this.#at, READ);
    const write = this.#at[WRITE] as number;
    if (write < read) return write + bytes < read ? write : NO_ROOM;
    const early = write === read && read >= this.bytes.length / 2;
    if (!early && write + bytes <= this.bytes.length) return write;
    if (bytes >= read) return NO_ROOM;
    Atomics.store(this.#at, WRAP, write);
    return 0;
  }
}

/** Bytes of lines that a thread may be ahead of the one that writes them: some 4,000 requests. */
export const RING_BYTES = 2 * 1024 * 1024;

/** A character of a JavaScript string is this many bytes of UTF-8 at most (a pair of surrogates is four for two). */
const UTF8_BYTES_MAX = 3;
const NO_ROOM = -1;

/** Positions of the cells: where the writer writes next, where the reader reads next, where the data before the end stops. */
const [WRITE, READ, WRAP, ANNOUNCED, CELLS] = [0, 1, 2, 3, 4];
const HEADER_BYTES = 64;
