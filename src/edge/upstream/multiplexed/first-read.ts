import type { OnReadOpts } from 'node:net';

/** Whoever reads a connection, once it is known what is spoken on it. */
export type Reader = {
  /** Where the next bytes are to be put. */
  readonly nextBuffer: () => Uint8Array;
  /** Takes so many of them; false stops the reading. */
  readonly onRead: (count: number) => boolean;
};

/** Bytes of the first read. */
const FIRST_READ_BYTES = 4 * 1024;

/**
 * A socket wants to know where it is to read into before it is connected, and so before anybody knows who will read. Its first read goes
 * into a buffer of its own, and is copied from there; all others go where they belong.
 */
export class FirstRead {
  readonly options: OnReadOpts;
  #reader: Reader | undefined;
  #first: Uint8Array | undefined = new Uint8Array(FIRST_READ_BYTES);

  constructor() {
    this.options = {
      buffer: () => this.#reader?.nextBuffer() ?? (this.#first as Uint8Array),
      callback: (count) => this.#take(count),
    };
  }

  /** To be said as soon as it is connected, before anything is read. */
  by(reader: Reader): void {
    this.#reader = reader;
  }

  #take(count: number): boolean {
    const reader = this.#reader as Reader;
    if (this.#first !== undefined) {
      reader.nextBuffer().set(this.#first.subarray(0, count));
      this.#first = undefined;
    }
    return reader.onRead(count);
  }
}
