import type { Socket } from 'node:net';
import { ANSWER_HEAD_BYTES_MAX } from '../../table/answer-limits.ts';
import { ChunkScanner } from '../message/chunks.ts';
import { INCOMPLETE, UNUSUAL } from '../message/fields.ts';
import { CHUNKED, parseResponse, ResponseHead, UNTIL_CLOSE } from '../message/response-head.ts';
import { BadAnswer } from './bad-answer.ts';
import { INTERIMS_MAX } from './limits.ts';

/**
 * Stands between an endpoint's connection and undici's parser, so that both engines judge answers by one grammar (message/). That parser
 * takes for good what is not (a coding that it does not undo, an answer of any version, chunks in HTTP/1.0, a bare CR), and refuses
 * what is (white space behind a length, an unasked 100). What comes through here is an answer written anew, plainly; what is
 * no answer breaks the connection. Bytes that nobody asked for go through as they came: undici closes an idle connection for them.
 */
export function guardAnswers(socket: Socket): Socket {
  const guard = new AnswerGuard();
  const push = socket.push.bind(socket);
  socket.push = (chunk: Buffer | null): boolean => {
    if (chunk === null) return push(chunk);
    const passed = guard.take(chunk);
    if (passed instanceof Error) {
      socket.destroy(passed);
      return false;
    }
    return passed.length === 0 || push(passed);
  };
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (data: string | Uint8Array, ...rest: unknown[]): boolean => {
    if (!guard.idle || typeof data !== 'string') return write(data, ...rest);
    guard.begin(data.startsWith('HEAD '));
    return write(withConnection(data), ...rest);
  };
  return socket;
}

/** `TE` has to be named by `Connection`, which undici writes by itself, as the third line, and lets nobody add to. */
function withConnection(head: string): string {
  if (!TAKES_TRAILERS.test(head)) return head;
  return head.replace(
    CONNECTION_LINE,
    (_, before: string, said: string) => `${before}${said === 'close' ? 'close, ' : ''}TE\r\n`,
  );
}

const TAKES_TRAILERS = /\r\nTE: trailers\r\n/;
const CONNECTION_LINE = /^([^\r]*\r\n[^\r]*\r\nconnection: )([^\r]*)\r\n/;

/** Follows the answers on one connection. */
export class AnswerGuard {
  readonly #head = new ResponseHead();
  readonly #chunks = new ChunkScanner();
  #state: 'idle' | 'head' | 'length' | 'chunks' | 'to-end' = 'idle';
  #headRequest = false;
  /** Bytes of an incomplete head. */
  #waiting: Buffer = NOTHING;
  #leftBytes = 0;
  #interims = 0;

  /** Whether no answer is expected. */
  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** A request goes out: from now on an answer is expected. */
  begin(headRequest: boolean): void {
    this.#state = 'head';
    this.#headRequest = headRequest;
    this.#waiting = NOTHING;
    this.#interims = 0;
  }

  /** What is to be read in place of these bytes; it does not look at them again. */
  take(bytes: Buffer): Buffer | BadAnswer {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]));
      case 'length':
      case 'chunks':
        return this.#takeBody(bytes, 0);
      default:
        return bytes;
    }
  }

  #takeHead(bytes: Buffer): Buffer | BadAnswer {
    let [at, text] = [0, ''];
    for (;;) {
      const end = parseResponse(bytes, at, bytes.length, this.#head);
      const length = (end === INCOMPLETE ? bytes.length : end) - at;
      if (end !== UNUSUAL && length > ANSWER_HEAD_BYTES_MAX) return new BadAnswer('its head is too large', 'limit');
      if (end === INCOMPLETE) {
        // What has been read is only lent.
        this.#waiting = Buffer.from(bytes.subarray(at));
        return Buffer.from(text, 'latin1');
      }
      const { status, keepAlive } = this.#head;
      // Behind an interim answer that ends the connection there can be no other.
      if (end === UNUSUAL || status === 101 || (status < 200 && !keepAlive)) return new BadAnswer(NO_HTTP);
      at = end;
      if (status >= 200) return this.#startBody(bytes, at, text);
      this.#interims += 1;
      if (this.#interims > INTERIMS_MAX) return new BadAnswer('too many interim answers');
      text += this.#headText('', status === 100 ? HIDDEN_CONTINUE : status);
    }
  }

  #startBody(bytes: Buffer, from: number, interims: string): Buffer | BadAnswer {
    const { status, length } = this.#head;
    this.#waiting = NOTHING;
    const chunked = length === CHUNKED;
    if (this.#headRequest || status === 204 || status === 304 || length === 0) this.#state = 'idle';
    else if (chunked) {
      this.#state = 'chunks';
      this.#chunks.reset();
    } else {
      this.#state = length === UNTIL_CLOSE ? 'to-end' : 'length';
      this.#leftBytes = length;
    }
    const framing = this.#state === 'chunks' ? 'Transfer-Encoding: chunked\r\n' : '';
    const head = interims + this.#headText(framing + this.#connectionLines());
    const body = this.#takeBody(bytes, from);
    if (body instanceof Error) return body;
    const whole = Buffer.allocUnsafe(head.length + body.length);
    whole.write(head, 0, 'latin1');
    whole.set(body, head.length);
    return whole;
  }

  /** Bytes behind the end of the answer go through, for undici to close the connection. */
  #takeBody(bytes: Buffer, from: number): Buffer | BadAnswer {
    if (this.#state === 'length') {
      this.#leftBytes -= bytes.length - from;
      if (this.#leftBytes <= 0) this.#state = 'idle';
    }
    if (this.#state !== 'chunks') return bytes.subarray(from);
    const end = this.#chunks.scan(bytes, from, bytes.length);
    if (this.#chunks.broken) return new BadAnswer('its chunks are not valid');
    if (this.#chunks.done) this.#state = 'idle';
    if (this.#chunks.omitted.length === 0) return bytes.subarray(from);
    const kept = this.#chunks.without(bytes, from, end, this.#chunks.trailers);
    return end === bytes.length ? kept : Buffer.concat([kept, bytes.subarray(end)]);
  }

  #headText(more: string, status = this.#head.status): string {
    const { reason, lines } = this.#head;
    return `HTTP/1.1 ${status} ${reason}\r\n${lines}${more}\r\n`;
  }

  #connectionLines(): string {
    const { keepAlive, keepAliveMs } = this.#head;
    if (!keepAlive) return 'Connection: close\r\n';
    return keepAliveMs === 0 ? '' : `Keep-Alive: timeout=${keepAliveMs / 1000}\r\n`;
  }
}

/** What an unasked 100 is shown to undici as, which would break the connection for it, and with it the final answer; nobody uses this status. */
export const HIDDEN_CONTINUE = 109;

const NOTHING = Buffer.alloc(0);
const NO_HTTP = 'its head is not valid HTTP/1.1';
