import { DATA, FRAME_HEAD_BYTES, PADDED } from './frame-type.ts';

/** What is to be done with the payload of a frame whose head has been read. */
export type Taking = 'whole' | 'pieces' | 'skip' | 'stop';

/** Takes the frames as they are read. Type, flags, stream and length of each are to be looked up in the reader. */
export type FrameTaker = {
  /** The head of a frame has come. `pieces` is for DATA only. */
  begun(): Taking;
  /** The payload of a frame that was to be taken whole. */
  payload(bytes: Buffer, from: number, to: number): void;
  /** A piece of what a DATA frame carries, without its padding; `last` with the end of the frame, perhaps with nothing. */
  data(bytes: Buffer, from: number, to: number, last: boolean): void;
  /** The padding of a DATA frame is as long as the frame, or longer. */
  padded(): void;
  /** Nothing more is to be read. */
  readonly stopped: boolean;
};

/** Splits what comes on a connection into frames (RFC 9113 §4.1). Bytes are lent by whoever reads, and kept only where a payload is not whole. */
export class FrameReader {
  type = 0;
  flags = 0;
  streamId = 0;
  /** Bytes of the payload. */
  length = 0;
  readonly #taker: FrameTaker;
  #taking: Taking = 'skip';
  /** Bytes of the payload that are still to come; -1 between two frames. */
  #left = -1;
  /** Bytes of padding at the end of a DATA frame; -1 while the byte that says so has not come. */
  #padding = 0;
  /** What is here of a head or a payload that is not whole. */
  #kept: Buffer | undefined;
  #keptBytes = 0;

  constructor(taker: FrameTaker) {
    this.#taker = taker;
  }

  /** Whether a frame has begun and has not ended, other than one whose payload is taken piece by piece. */
  get midway(): boolean {
    return this.#keptBytes > 0 || (this.#left !== -1 && this.#taking === 'whole');
  }

  read(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to && !this.#taker.stopped) {
      if (this.#left === -1) at = this.#readHead(bytes, at, to);
      else at = this.#readPayload(bytes, at, to);
    }
  }

  #readHead(bytes: Buffer, at: number, to: number): number {
    if (this.#keptBytes === 0 && to - at >= FRAME_HEAD_BYTES) {
      this.#head(bytes, at);
      return at + FRAME_HEAD_BYTES;
    }
    const end = this.#keep(bytes, at, to, FRAME_HEAD_BYTES);
    if (this.#keptBytes === FRAME_HEAD_BYTES) this.#head(this.#release(), 0);
    return end;
  }

  #head(bytes: Buffer, at: number): void {
    this.length = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    this.type = bytes[at + 3] as number;
    this.flags = bytes[at + 4] as number;
    this.streamId = bytes.readUInt32BE(at + 5) & 0x7f_ff_ff_ff;
    this.#left = this.length;
    this.#padding = this.type === DATA && (this.flags & PADDED) !== 0 ? -1 : 0;
    this.#taking = this.#taker.begun();
    if (this.#left === 0 && this.#taking !== 'stop') this.#readPayload(bytes, at, at);
  }

  #readPayload(bytes: Buffer, at: number, to: number): number {
    const end = Math.min(to, at + this.#left);
    if (this.#taking === 'pieces') return this.#readData(bytes, at, end);
    if (this.#taking === 'skip') {
      this.#left -= end - at;
      if (this.#left === 0) this.#left = -1;
      return end;
    }
    if (this.#keptBytes === 0 && end - at === this.length) {
      this.#left = -1;
      this.#taker.payload(bytes, at, end);
      return end;
    }
    this.#keep(bytes, at, end, this.length);
    this.#left -= end - at;
    if (this.#left > 0) return end;
    this.#left = -1;
    this.#taker.payload(this.#release(), 0, this.length);
    return end;
  }

  #readData(bytes: Buffer, at: number, to: number): number {
    if (this.#padding === -1) {
      if (this.length === 0) return this.#wronglyPadded(at);
      this.#padding = bytes[at] as number;
      this.#left -= 1;
      if (this.#padding > this.#left) return this.#wronglyPadded(to);
      return this.#left === 0 ? this.#ended(bytes, at + 1, at + 1) : at + 1;
    }
    const end = Math.min(to, at + this.#left - Math.min(this.#left, this.#padding));
    if (end > at || this.#left === 0) {
      this.#left -= end - at;
      if (this.#left === 0) return this.#ended(bytes, at, end);
      this.#taker.data(bytes, at, end, false);
      return end;
    }
    // Only padding is left.
    this.#left -= to - at;
    this.#padding -= to - at;
    return this.#left === 0 ? this.#ended(bytes, to, to) : to;
  }

  #ended(bytes: Buffer, at: number, end: number): number {
    this.#left = -1;
    this.#taker.data(bytes, at, end, true);
    return end;
  }

  #wronglyPadded(at: number): number {
    this.#left = -1;
    this.#taker.padded();
    return at;
  }

  /** Keeps what there is of something that has `whole` bytes; returns the offset after what it took. */
  #keep(bytes: Buffer, at: number, to: number, whole: number): number {
    const end = Math.min(to, at + whole - this.#keptBytes);
    this.#kept ??= Buffer.allocUnsafeSlow(whole);
    bytes.copy(this.#kept, this.#keptBytes, at, end);
    this.#keptBytes += end - at;
    return end;
  }

  #release(): Buffer {
    const kept = this.#kept as Buffer;
    this.#kept = undefined;
    this.#keptBytes = 0;
    return kept;
  }
}
