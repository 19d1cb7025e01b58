import type { Socket } from 'node:net';
import { AHEAD_BYTES_MAX, type AheadBytes } from '../client/ahead-bytes.ts';

/**
 * Owns the socket of a client that has asked for an upgrade, from the moment that Node's HTTP server lets go of it until it is known what
 * becomes of it. It reads on, since a connection that nobody reads from does not tell that its other side has gone, and keeps
 * what comes: those are the first bytes of the other protocol, or nothing. A client that ends its half has left.
 */
export class EarlyBytes {
  readonly #client: Socket;
  readonly #ahead: AheadBytes;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(client: Socket, first: Buffer, ahead: AheadBytes) {
    this.#client = client;
    this.#ahead = ahead;
    client.on('data', this.#keep);
    client.once('end', this.#left);
    client.once('close', this.#forget);
    if (first.length > 0) this.#keep(first);
    client.resume();
  }

  /** Lets go of the socket, and gives what has come. */
  take(): Buffer {
    this.#client.off('data', this.#keep);
    this.#client.off('end', this.#left);
    const bytes = Buffer.concat(this.#chunks);
    this.#forget();
    return bytes;
  }

  readonly #keep = (chunk: Buffer): void => {
    if (!this.#ahead.take(chunk.length)) return void this.#client.destroy();
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > AHEAD_BYTES_MAX) this.#client.pause();
  };

  readonly #left = (): void => void this.#client.destroy();

  readonly #forget = (): void => {
    this.#ahead.give(this.#bytes);
    this.#bytes = 0;
    this.#chunks.length = 0;
  };
}
