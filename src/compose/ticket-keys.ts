import { randomBytes } from 'node:crypto';

/** The runtime wants 16 bytes for each of a key's name, its authentication and its encryption. */
export const TICKET_KEYS_BYTES = 48;
/**
 * The keys are in use for so long. Whoever has them can read what TLS 1.2 carried in sessions of their time, so they must not grow
 * old; and each change costs every client one whole handshake, since the runtime knows one set of keys at a time.
 */
export const TICKET_KEYS_MS = 12 * 60 * 60 * 1000;

/** What the listeners of all edge threads seal session tickets with, so that each thread resumes what another began. */
export class TicketKeys {
  #madeMs: number;
  #keys = randomBytes(TICKET_KEYS_BYTES);

  constructor(nowMs: number) {
    this.#madeMs = nowMs;
  }

  get current(): Uint8Array {
    return this.#keys;
  }

  /** Makes new keys when the old ones have had their time; says whether it did. They were never written anywhere. */
  renew(nowMs: number): boolean {
    if (nowMs - this.#madeMs < TICKET_KEYS_MS) return false;
    this.#madeMs = nowMs;
    this.#keys = randomBytes(TICKET_KEYS_BYTES);
    return true;
  }
}
