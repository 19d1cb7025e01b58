import { ENHANCE_YOUR_CALM, FRAME_SIZE_ERROR, NO_ERROR, PROTOCOL_ERROR } from './error-code.ts';
import type { FrameReader } from './frame-reader.ts';
import { END_HEADERS, END_STREAM, HAS_PRIORITY, PADDED } from './frame-type.ts';

/** Bytes of a header block as it comes, and frames that it may come in (CVE-2024-27316 and others like it). */
export const BLOCK_BYTES_MAX = 64 * 1024;
export const BLOCK_FRAMES_MAX = 32;

/** Puts a header block together of HEADERS and CONTINUATION frames; most are whole at once and are not copied. */
export class BlockAssembly {
  /** The stream of the block that has begun; 0 when none has. */
  streamId = 0;
  /** Whether its stream ends with it. */
  ends = false;
  /** Its HEADERS said that its stream depends on itself. */
  selfDependent = false;
  /** The block, once it is whole. */
  bytes = NOTHING;
  from = 0;
  to = 0;
  #pieces: Buffer[] | undefined;
  #length = 0;

  /** Takes the payload of a HEADERS frame; returns an error code of the connection's. */
  begin({ flags, streamId }: FrameReader, bytes: Buffer, start: number, end: number): number {
    let from = start;
    let to = end;
    if ((flags & PADDED) !== 0) {
      if (from === to) return FRAME_SIZE_ERROR;
      to -= bytes[from] as number;
      from += 1;
    }
    this.selfDependent = false;
    if ((flags & HAS_PRIORITY) !== 0) {
      if (end - from < 5) return FRAME_SIZE_ERROR;
      if (to - from >= 5) this.selfDependent = dependsOn(bytes, from) === streamId;
      from += 5;
    }
    if (to < from) return PROTOCOL_ERROR;
    this.ends = (flags & END_STREAM) !== 0;
    this.#add(bytes, from, to);
    if ((flags & END_HEADERS) === 0) {
      this.streamId = streamId;
      this.#pieces = [Buffer.from(bytes.subarray(from, to))];
      this.#length = to - from;
    }
    return NO_ERROR;
  }

  /** Takes the payload of a CONTINUATION frame; returns an error code. */
  go({ flags }: FrameReader, bytes: Buffer, from: number, to: number): number {
    const pieces = this.#pieces as Buffer[];
    this.#length += to - from;
    if (this.#length > BLOCK_BYTES_MAX || pieces.length === BLOCK_FRAMES_MAX) return ENHANCE_YOUR_CALM;
    pieces.push(Buffer.from(bytes.subarray(from, to)));
    if ((flags & END_HEADERS) === 0) return NO_ERROR;
    this.streamId = 0;
    this.#pieces = undefined;
    this.#add(Buffer.concat(pieces), 0, this.#length);
    return NO_ERROR;
  }

  /** Lets go of a block that has been read. */
  done(): void {
    this.bytes = NOTHING;
  }

  #add(bytes: Buffer, from: number, to: number): void {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }
}

/** The stream that a priority, of five bytes, says that its own depends on. */
export function dependsOn(bytes: Buffer, from: number): number {
  return bytes.readUInt32BE(from) & 0x7f_ff_ff_ff;
}

const NOTHING: Buffer = Buffer.alloc(0);
