import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/**
 * An endpoint may say 100 Continue though nobody asked it to (RFC 9110 §15.2.1), and undici then breaks the connection and with it
 * the final answer. So a 100 is shown to undici as `HIDDEN_CONTINUE`, which it passes on as any other interim answer.
 *
 * The first bytes of an answer are looked at, and those behind an interim one; nothing else is. undici sends one request at a time on a
 * connection and tells when it does (`undici:client:sendHeaders`, a documented channel): the next byte that is read begins an answer.
 */
export function hideContinue<S extends Socket>(socket: S): S {
  const watch = new InterimWatch();
  watches.set(socket, watch);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (chunk instanceof Buffer) watch.see(chunk);
    return chunk;
  };
  return socket;
}

/** A status that nobody uses, and that a 100 becomes by its last digit. */
export const HIDDEN_CONTINUE = 109;

const watches = new WeakMap<object, InterimWatch>();
subscribe('undici:client:sendHeaders', (message) => {
  watches.get((message as { readonly socket: object }).socket)?.begin();
});

const START = Buffer.from('HTTP/1.x 100');
const MINOR_AT = 7;
/** The last digit of it. */
const NINE = 0x39;
const END = Buffer.from('\r\n\r\n');

/** Follows the bytes of answers as far as their first interim ones go. */
export class InterimWatch {
  #state: 'through' | 'start' | 'interim' = 'through';
  #matched = 0;

  /** A request goes out: what comes next is an answer's beginning. */
  begin(): void {
    this.#state = 'start';
    this.#matched = 0;
  }

  /** Changes the 100 in these bytes, wherever they are cut. */
  see(bytes: Buffer): void {
    for (let i = 0; i < bytes.length && this.#state !== 'through'; i += 1) {
      if (this.#state === 'start') this.#start(bytes, i);
      else this.#inside(bytes[i] as number);
    }
  }

  #start(bytes: Buffer, at: number): void {
    const byte = bytes[at] as number;
    if (this.#matched !== MINOR_AT && byte !== START[this.#matched]) {
      this.#state = 'through';
      return;
    }
    this.#matched += 1;
    if (this.#matched < START.length) return;
    bytes[at] = NINE;
    this.#state = 'interim';
    this.#matched = 0;
  }

  #inside(byte: number): void {
    if (byte === END[this.#matched]) this.#matched += 1;
    else this.#matched = byte === END[0] ? 1 : 0;
    if (this.#matched < END.length) return;
    this.begin();
  }
}
