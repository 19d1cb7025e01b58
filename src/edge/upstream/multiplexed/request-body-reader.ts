import { ChunkScanner } from '../../message/chunks.ts';
import { IN_CHUNKS } from './request-fields.ts';

/** Takes the framing of HTTP/1.1 off the body of a request, as far as it has come. */
export class RequestBodyReader {
  /** All of it has come. */
  done = false;
  #left = 0;
  /** Made for the first body in chunks. */
  #chunks: ChunkScanner | undefined;

  /** `length`: of the body, in bytes, or `IN_CHUNKS`. */
  begin(length: number): void {
    this.done = length === 0;
    this.#left = length;
    if (length === IN_CHUNKS) this.#chunks = new ChunkScanner();
  }

  /** Calls `take` with each piece of data. */
  read(bytes: Buffer, take: (piece: Buffer) => void): void {
    const chunks = this.#chunks;
    if (chunks === undefined) {
      this.#left -= bytes.length;
      this.done = this.#left <= 0;
      return take(bytes);
    }
    chunks.scan(bytes, 0, bytes.length);
    for (let i = 0; i < chunks.dataOffsets; i += 2) take(bytes.subarray(chunks.data[i], chunks.data[i + 1]));
    this.done = chunks.done;
  }

  /** Those behind a body in chunks, as lines; once it is done. */
  get trailers(): string {
    return this.#chunks?.trailers ?? '';
  }
}
