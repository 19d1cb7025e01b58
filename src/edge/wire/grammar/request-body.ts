import { ChunkScanner } from '../../message/chunks.ts';
import { KeptBody } from '../../relay/kept-body.ts';
import { CHUNKED } from './request-head.ts';

/** Up to this size a body that is here whole is made one string, as its head is. */
const WHOLE_BYTES_MAX = 4 * 1024;

/** The body of a request as it comes from the client, told apart from what follows it. */
export class RequestBody extends KeptBody {
  /** Its chunks are no chunks: the client has broken off, as far as anybody can tell. */
  broken = false;
  readonly #chunks = new ChunkScanner();
  #chunked = false;
  #left = 0;

  /** A request begins whose body has `length` bytes (`CHUNKED`: in chunks); up to `keepBytesMax` of it is kept. */
  override begin(length: number, keepBytesMax: number): void {
    super.begin(length, keepBytesMax);
    this.broken = false;
    this.#chunked = length === CHUNKED;
    if (this.#chunked) this.#chunks.reset();
    this.#left = length;
  }

  /** Takes a small body whose length is known if all of it is here; returns where it ends, or -1 when it has to be taken piece by piece. */
  takeWhole(bytes: Buffer, from: number, to: number): number {
    const end = from + this.#left;
    if (this.#chunked || this.#left > WHOLE_BYTES_MAX || end > to) return -1;
    this.text = bytes.toString('latin1', from, end);
    this.#left = 0;
    this.ended = true;
    return end;
  }

  /** Takes what belongs to the body and returns a copy of it, as it is to be sent; what follows begins at `end`. */
  take(bytes: Buffer, from: number, to: number): { readonly piece: Buffer; readonly end: number } {
    if (!this.#chunked) {
      const end = Math.min(to, from + this.#left);
      this.#left -= end - from;
      this.ended = this.#left === 0;
      return { piece: Buffer.from(bytes.subarray(from, end)), end };
    }
    const end = this.#chunks.scan(bytes, from, to);
    this.broken = this.#chunks.broken;
    this.ended = this.#chunks.done;
    return { piece: this.#chunkPiece(bytes, from, end), end };
  }

  /** Extensions are for one hop and go no further; trailers go on as far as they may. */
  #chunkPiece(bytes: Buffer, from: number, end: number): Buffer {
    if (this.#chunks.omitted.length === 0) return Buffer.from(bytes.subarray(from, end));
    return this.#chunks.without(bytes, from, end, this.#chunks.trailers);
  }
}
