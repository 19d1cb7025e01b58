import type { Field } from '../frames/hpack/field.ts';
import { goesInTrailers } from '../message/field-kind.ts';
import { KeptBody } from '../relay/kept-body.ts';
import { UNKNOWN_LENGTH } from './stream-head.ts';

/** The body of a request that comes on a stream: pieces as they go to an endpoint, in chunks where nobody knows how many bytes there are. */
export class StreamBody extends KeptBody {
  #chunked = false;
  /** Bytes that are still to come; where nobody knows, that never matters. */
  #left = 0;

  override begin(length: number, keepBytesMax: number): void {
    super.begin(length, keepBytesMax);
    this.#chunked = length === UNKNOWN_LENGTH;
    this.#left = length;
  }

  /** Bytes that are still to come, or `UNKNOWN_LENGTH`. */
  get left(): number {
    return this.#chunked ? UNKNOWN_LENGTH : this.#left;
  }

  /** Whether so many bytes more, the last of them with `last`, are what was announced. */
  fits(bytes: number, last: boolean): boolean {
    if (this.#chunked) return true;
    this.#left -= bytes;
    return last ? this.#left === 0 : this.#left >= 0;
  }

  /** A copy of a piece, as it is to be sent; with the `last` one the body ends, and trailers may follow it where there are chunks. */
  piece(bytes: Buffer, last: boolean, trailers: readonly Field[]): Buffer {
    if (last) this.ended = true;
    if (!this.#chunked) return Buffer.from(bytes);
    const start = bytes.length === 0 ? '' : `${bytes.length.toString(16)}\r\n`;
    let end = bytes.length === 0 ? '' : '\r\n';
    if (last) end += `0\r\n${trailerLines(trailers)}\r\n`;
    return Buffer.concat([Buffer.from(start, 'latin1'), bytes, Buffer.from(end, 'latin1')]);
  }
}

function trailerLines(trailers: readonly Field[]): string {
  let lines = '';
  for (const field of trailers) if (goesInTrailers(field.name.kind)) lines += field.line;
  return lines;
}
