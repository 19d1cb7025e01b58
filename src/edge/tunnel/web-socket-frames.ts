/** Close (RFC 6455 §5.5.1), as the first byte of its frame has it: it cannot be in fragments, and extensions leave it alone. */
const CLOSE = 0x8;
const OPCODE = 0x0f;
const MASKED = 0x80;
const LENGTH = 0x7f;
/** Lengths in the second byte that say how many bytes of length follow. */
const LENGTH_IN_2 = 126;
const LENGTH_IN_8 = 127;
const MASK_BYTES = 4;
/** Bytes of the head of a frame, at most: two, a length of eight and a mask. */
const HEAD_BYTES_MAX = 14;

/** The status of a close that is said by who goes down (RFC 6455 §7.4.1). */
export const GOING_AWAY = 1001;

/**
 * Where the frames of one direction of a WebSocket begin and end (RFC 6455 §5.2), without looking at what is in them: the head of each says
 * how far away the next one is. It follows every byte from the first on, since nobody can tell from the middle of a stream of bytes where a
 * frame begins; that costs a few operations for each frame, and none for its bytes.
 */
export class WebSocketFrames {
  /** Whether a Close has begun, the last frame that this side may send; and whether it has come whole. */
  closing = false;
  closed = false;
  /** Bytes of the current frame's payload that are still to come. */
  #left = 0;
  /** The head that has come in part. */
  readonly #head = new Uint8Array(HEAD_BYTES_MAX);
  #headBytes = 0;

  /** Whether the last frame has ended and no other has begun. */
  get between(): boolean {
    return this.#left === 0 && this.#headBytes === 0;
  }

  /** Takes what comes next. */
  follow(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) at = this.#step(bytes, at);
  }

  /** Takes what comes next up to where the current frame ends; returns how many bytes that were. All of them: it may go on. */
  followToEnd(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.between) at = this.#step(bytes, at);
    return at;
  }

  /** Takes a piece of the payload, or bytes of a head; returns where it stopped, further on than it began. */
  #step(bytes: Uint8Array, at: number): number {
    if (this.#left > 0) {
      const taken = Math.min(this.#left, bytes.length - at);
      this.#left -= taken;
      if (this.#left === 0) this.closed = this.closing;
      return at + taken;
    }
    this.#head[this.#headBytes] = bytes[at] as number;
    this.#headBytes += 1;
    if (this.#headBytes >= 2 && this.#headBytes === headBytes(this.#head[1] as number)) this.#begin();
    return at + 1;
  }

  #begin(): void {
    const head = this.#head;
    this.#headBytes = 0;
    this.#left = payloadBytes(head);
    if (((head[0] as number) & OPCODE) === CLOSE) this.closing = true;
    if (this.#left === 0) this.closed = this.closing;
  }
}

/** A Close that says why; `mask`, of four bytes, where the one who sends it is a client (RFC 6455 §5.3). */
export function closeFrame(status: number, reason: string, mask?: Uint8Array): Buffer {
  const text = Buffer.from(reason, 'utf8');
  const length = 2 + text.length;
  const start = mask === undefined ? 2 : 2 + MASK_BYTES;
  const frame = Buffer.alloc(start + length);
  frame[0] = 0x80 | CLOSE;
  frame[1] = (mask === undefined ? 0 : MASKED) | length;
  frame.writeUInt16BE(status, start);
  text.copy(frame, start + 2);
  if (mask === undefined) return frame;
  frame.set(mask, 2);
  for (let i = 0; i < length; i += 1) {
    frame[start + i] = (frame[start + i] as number) ^ (mask[i % MASK_BYTES] as number);
  }
  return frame;
}

/** How long the head of a frame is, by its second byte. */
function headBytes(second: number): number {
  const length = second & LENGTH;
  const more = length === LENGTH_IN_2 ? 2 : length === LENGTH_IN_8 ? 8 : 0;
  return 2 + more + ((second & MASKED) === 0 ? 0 : MASK_BYTES);
}

function payloadBytes(head: Uint8Array): number {
  const length = (head[1] as number) & LENGTH;
  if (length < LENGTH_IN_2) return length;
  const bytes = length === LENGTH_IN_2 ? 2 : 8;
  let value = 0;
  // Beyond 2^53 the number is not exact; no frame of that length ever ends.
  for (let i = 0; i < bytes; i += 1) value = value * 256 + (head[2 + i] as number);
  return value;
}
