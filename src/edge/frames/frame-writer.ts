import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  FRAME_BYTES,
  FRAME_HEAD_BYTES,
  GOAWAY,
  HEADERS,
  PING,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './frame-type.ts';

/** Bytes of a chunk: two frames of the usual size and their heads. */
export const CHUNK_BYTES = 2 * (FRAME_BYTES + FRAME_HEAD_BYTES);
/** Chunks that a thread keeps for later. */
export const SPARE_CHUNKS_MAX = 64;

const spare: Buffer[] = [];

/** Takes a chunk that has been written back. */
export function recycle(chunk: Buffer): void {
  if (spare.length < SPARE_CHUNKS_MAX && chunk.buffer.byteLength === CHUNK_BYTES) spare.push(whole(chunk));
}

function whole({ buffer }: Buffer): Buffer {
  return Buffer.from(buffer, 0, CHUNK_BYTES);
}

/** The frames of a connection that are to be written, in chunks that all connections of a thread share. An idle one has none. */
export class FrameWriter {
  /** Bytes that wait to be taken. */
  length = 0;
  #chunks: Buffer[] = [];
  #chunk = NOTHING;
  #end = 0;
  /** The stream of the frame that was last written, where that was DATA, and where its flags are. */
  #dataOf = 0;
  #flagsAt = 0;

  /** What there is to be written, in order. Each chunk is whoever takes it, until it is given to `recycle`. */
  take(): readonly Buffer[] {
    const chunks = this.#chunks;
    if (this.#end > 0) chunks.push(this.#chunk.subarray(0, this.#end));
    this.#chunks = [];
    this.#chunk = NOTHING;
    this.#end = 0;
    this.#dataOf = 0;
    this.length = 0;
    return chunks;
  }

  /** Bytes that stand before all frames. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#chunk.set(bytes, this.#end);
    this.#add(bytes.length);
  }

  /** One DATA frame. */
  data(streamId: number, bytes: Buffer, from: number, to: number): void {
    this.#head(DATA, 0, streamId, to - from);
    this.#bytes(bytes, from, to);
  }

  /** The last DATA frame of a stream: the one that has just been written, if that was its, or else one without anything. */
  end(streamId: number): void {
    if (this.#dataOf === streamId) this.#chunk[this.#flagsAt] = END_STREAM;
    else this.#head(DATA, END_STREAM, streamId, 0);
    this.#dataOf = 0;
  }

  /** A header block, in as many frames as it takes. */
  headers(streamId: number, block: Buffer, ended: boolean): void {
    let type = HEADERS;
    let at = 0;
    do {
      const end = Math.min(block.length, at + FRAME_BYTES);
      const first = type === HEADERS && ended ? END_STREAM : 0;
      this.#head(type, first | (end === block.length ? END_HEADERS : 0), streamId, end - at);
      this.#bytes(block, at, end);
      type = CONTINUATION;
      at = end;
    } while (at < block.length);
  }

  /** Identifiers and values alternating. */
  settings(pairs: readonly number[]): void {
    this.#head(SETTINGS, 0, 0, pairs.length * 3);
    for (let i = 0; i < pairs.length; i += 2) {
      this.#end = this.#chunk.writeUInt16BE(pairs[i] as number, this.#end);
      this.#end = this.#chunk.writeUInt32BE(pairs[i + 1] as number, this.#end);
    }
    this.length += pairs.length * 3;
  }

  settingsAck(): void {
    this.#head(SETTINGS, ACK, 0, 0);
  }

  /** Eight bytes from `from` on. */
  ping(bytes: Buffer, from: number, flags: 0 | typeof ACK): void {
    this.#head(PING, flags, 0, 8);
    bytes.copy(this.#chunk, this.#end, from, from + 8);
    this.#add(8);
  }

  reset(streamId: number, code: number): void {
    this.#head(RST_STREAM, 0, streamId, 4);
    this.#uint32(code);
  }

  windowUpdate(streamId: number, bytes: number): void {
    this.#head(WINDOW_UPDATE, 0, streamId, 4);
    this.#uint32(bytes);
  }

  /** `why` goes along in ASCII, for whoever debugs the peer. */
  goaway(lastStreamId: number, code: number, why: string): void {
    this.#head(GOAWAY, 0, 0, 8 + why.length);
    this.#uint32(lastStreamId);
    this.#uint32(code);
    this.#add(this.#chunk.write(why, this.#end, 'latin1'));
  }

  #head(type: number, flags: number, streamId: number, length: number): void {
    this.#reserve(FRAME_HEAD_BYTES + length);
    const chunk = this.#chunk;
    const at = this.#end;
    chunk[at] = length >>> 16;
    chunk[at + 1] = length >>> 8;
    chunk[at + 2] = length;
    chunk[at + 3] = type;
    chunk[at + 4] = flags;
    this.#dataOf = type === DATA ? streamId : 0;
    this.#flagsAt = at + 4;
    chunk.writeUInt32BE(streamId, at + 5);
    this.#add(FRAME_HEAD_BYTES);
  }

  /** Bytes from `from` up to `to`. A call of the runtime is dear for a few of them. */
  #bytes(bytes: Buffer, from: number, to: number): void {
    const at = this.#end - from;
    if (to - from > BYTES_MAX) bytes.copy(this.#chunk, this.#end, from, to);
    else for (let i = from; i < to; i += 1) this.#chunk[at + i] = bytes[i] as number;
    this.#add(to - from);
  }

  #uint32(value: number): void {
    this.#chunk.writeUInt32BE(value, this.#end);
    this.#add(4);
  }

  #add(bytes: number): void {
    this.#end += bytes;
    this.length += bytes;
  }

  /** A frame stands in one chunk as a whole. */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#chunk.length) return;
    if (this.#end > 0) this.#chunks.push(this.#chunk.subarray(0, this.#end));
    this.#chunk = spare.pop() ?? Buffer.from(new ArrayBuffer(CHUNK_BYTES));
    this.#end = 0;
  }
}

/** More bytes are copied by the runtime. */
const BYTES_MAX = 64;

const NOTHING: Buffer = Buffer.alloc(0);
