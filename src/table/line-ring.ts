/**
 * Log lines on their way from one edge thread to the control thread: a ring of bytes in memory that both share.
 *
 * One thread writes and one reads. A line is in the ring as a whole before the position that says so moves, so that a reader
 * never sees half of one, also when the writer dies in the middle. Lines never wrap: one that does not fit before the end starts
 * over at the beginning, and `wrapAt` says where the reader must stop and do the same. A line for which there is no room is
 * dropped and counted by the writer.
 */
export class LineRing {
  readonly shared: SharedArrayBuffer;
  readonly #bytes: Buffer;
  readonly #at: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.#at = new Int32Array(shared, 0, CELLS);
    this.#bytes = Buffer.from(shared, HEADER_BYTES);
  }

  /** An empty ring for `bytes` of lines. */
  static create(bytes: number = RING_BYTES): LineRing {
    return new LineRing(new SharedArrayBuffer(HEADER_BYTES + bytes));
  }

  /**
   * Writes whole lines, as UTF-8. `announce`: the reader has nothing on its way to it yet and must be told that there is
   * something now. `full`: they were dropped.
   */
  write(lines: string): 'written' | 'announce' | 'full' {
    const bytesMax = lines.length * UTF8_BYTES_MAX;
    const start = this.#room(bytesMax);
    if (start === NO_ROOM) return 'full';
    const count = this.#bytes.write(lines, start);
    Atomics.store(this.#at, WRITE, start + count);
    return Atomics.exchange(this.#at, ANNOUNCED, 1) === 0 ? 'announce' : 'written';
  }

  /** Takes out everything that is in it; undefined when that is nothing. */
  take(): Buffer | undefined {
    // Before the look: what is written from now on is announced anew.
    Atomics.store(this.#at, ANNOUNCED, 0);
    const read = Atomics.load(this.#at, READ);
    const write = Atomics.load(this.#at, WRITE);
    if (read === write) return undefined;
    const taken =
      read < write
        ? Buffer.from(this.#bytes.subarray(read, write))
        : Buffer.concat([this.#bytes.subarray(read, Atomics.load(this.#at, WRAP)), this.#bytes.subarray(0, write)]);
    Atomics.store(this.#at, READ, write);
    return taken;
  }

  /** Where `bytes` in a row may be written, without ever filling the ring: full and empty would look the same. */
  #room(bytes: number): number {
    const read = Atomics.load(this.#at, READ);
    const write = this.#at[WRITE] as number;
    if (write < read) return write + bytes < read ? write : NO_ROOM;
    if (write + bytes <= this.#bytes.length) return write;
    if (bytes >= read) return NO_ROOM;
    Atomics.store(this.#at, WRAP, write);
    return 0;
  }
}

/** Bytes of lines that one edge thread may be ahead of the control thread: some 4,000 requests. */
export const RING_BYTES = 2 * 1024 * 1024;

/** A character of a JavaScript string is this many bytes of UTF-8 at most (a pair of surrogates is four for two). */
const UTF8_BYTES_MAX = 3;
const NO_ROOM = -1;

/** Positions of the cells: where the writer writes next, where the reader reads next, where the data before the end stops. */
const [WRITE, READ, WRAP, ANNOUNCED, CELLS] = [0, 1, 2, 3, 4];
const HEADER_BYTES = 64;
