import { LINGER_BYTES_MAX, LINGER_MS, LINGER_TOTAL_MS } from '../../client/lingering.ts';

/**
 * How long a connection that has nothing more to do is waited for: while a slow client takes what was written, and while one that is still
 * sending has not had time to read its answer. Asked every `LINGER_MS`.
 */
export class Farewell {
  /** What the socket had left to write when it was last looked at, and for how long that has not changed. */
  #untakenBytes = 0;
  #untakenMs = 0;
  #lingeredMs = 0;
  #bytes = 0;
  #moved = false;

  /** Whether a slow client is still taking what was written; not, once it has taken nothing for too long. */
  isTaking(writableLength: number, idleMs: number): boolean {
    this.#untakenMs = writableLength === this.#untakenBytes ? this.#untakenMs + LINGER_MS : 0;
    this.#untakenBytes = writableLength;
    return writableLength > 0 && this.#untakenMs < idleMs;
  }

  /** Something came of a client that sends on; nobody looks at it. False when it is too much. */
  came(bytes: number): boolean {
    this.#moved = true;
    this.#bytes += bytes;
    return this.#bytes <= LINGER_BYTES_MAX;
  }

  /** Whether it has sent something since this was last asked, and may go on. */
  isSending(): boolean {
    const moved = this.#moved;
    this.#moved = false;
    this.#lingeredMs += LINGER_MS;
    return moved && this.#lingeredMs < LINGER_TOTAL_MS;
  }
}
