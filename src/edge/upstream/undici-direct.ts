import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Address } from '../../table/addresses.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import type { Dialer } from './dialer.ts';
import { keepReading } from './keep-reading.ts';
import { RESPONSE_HEAD_BYTES_MAX } from './limits.ts';

/** An endpoint that says nothing to an expectation does not know it, or waits for the body: after this long the client gets a 100 and sends it. */
export const CONTINUE_AFTER_MS = 1000;

/** A request as undici takes it. */
export type DirectCall = {
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly body: Readable | null;
  /** How long nothing of an answer that has begun may come. */
  readonly bodyTimeout: number;
  /** The client waits with its body for a 100 (`Expect: 100-continue`). */
  readonly expects: boolean;
};

/** What a direct request calls: undici's own methods, and one for an upgrade with its socket. */
export type DirectHandler = Dispatcher.DispatchHandler & {
  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, headers: object, socket: Socket): void;
};

/**
 * Sends what undici cannot, over a connection of its own, and calls the handler as undici would: an upgrade, whose answer may be any ordinary one,
 * and a request whose head goes out before its body comes, since the endpoint is asked whether it wants that. How long connecting may take is
 * the caller's to say: returns how to call it off until it is connected.
 */
export function sendDirect(dialer: Dialer, call: DirectCall, handler: DirectHandler): () => void {
  const open = (address: Address) => {
    const socket = dialer.socket(address);
    return { socket, destroy: () => void socket.destroy() };
  };
  return dialer.dial(open, {
    dialled: ({ socket }) => {
      // Node listens a little later, and an error that nobody listens to would end the thread.
      socket.on('error', () => {});
      // Node sends the head of a request with `Expect` at once and names no encoding for it: bytes above ASCII would become UTF-8.
      socket.setDefaultEncoding('latin1');
      keepReading(socket);
      const request = httpRequest({
        createConnection: () => socket,
        method: call.method,
        path: call.path,
        headers: call.headers as never,
        setHost: false,
        maxHeaderSize: RESPONSE_HEAD_BYTES_MAX,
      });
      request.maxHeadersCount = 0;
      new Direct(request, call, handler).start();
    },
    notDialled: (error) => handler.onResponseError?.(undefined as never, error as Error),
  });
}

class Direct implements Dispatcher.DispatchController {
  rawHeaders: string[] = [];
  rawTrailers: string[] = [];
  paused = false;
  aborted = false;
  reason: Error | null = null;
  readonly #request: ClientRequest;
  readonly #call: DirectCall;
  readonly #handler: DirectHandler;
  #answer: IncomingMessage | undefined;
  #continue: Timer | undefined;
  #over = false;

  constructor(request: ClientRequest, call: DirectCall, handler: DirectHandler) {
    this.#request = request;
    this.#call = call;
    this.#handler = handler;
  }

  start(): void {
    const request = this.#request;
    request.on('information', (head) => this.#interim(head.statusCode, head));
    request.on('response', (answer) => this.#answered(answer));
    request.on('upgrade', (answer, socket, early) => this.#upgraded(answer, socket, early));
    request.on('error', (error) => this.#fail(error));
    this.#handler.onRequestStart?.(this, {});
    if (!this.aborted) this.#sendBody();
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    this.#end();
    this.#request.destroy();
    this.#answer?.destroy();
  }

  pause(): void {
    this.paused = true;
    this.#answer?.pause();
  }

  resume(): void {
    this.paused = false;
    this.#answer?.resume();
  }

  #sendBody(): void {
    const request = this.#request;
    const { body, expects } = this.#call;
    if (body === null) return void request.end();
    if (body.destroyed) return this.#fail(body.errored ?? new Error('the client broke off its request'));
    body.on('error', (error) => this.#fail(error));
    request.once('close', () => body.destroy());
    body.on('data', (chunk: Buffer) => this.#handler.onBodySent?.(chunk));
    request.once('finish', () => this.#handler.onRequestSent?.());
    body.pipe(request);
    request.flushHeaders();
    if (!expects) return;
    body.once('data', () => stopTimer(this.#continue));
    request.once('socket', () => {
      this.#continue = startTimer(CONTINUE_AFTER_MS, Direct.unanswered, this);
    });
  }

  static unanswered(this: void, self: Direct): void {
    if (!self.#over) self.#handler.onResponseStart?.(self, 100, {}, '');
  }

  #interim(status: number, { rawHeaders }: { readonly rawHeaders?: readonly string[] }): void {
    if (this.#over) return;
    stopTimer(this.#continue);
    this.rawHeaders = [...(rawHeaders ?? [])];
    this.#handler.onResponseStart?.(this, status, {}, '');
  }

  #answered(answer: IncomingMessage): void {
    if (this.#over) return void answer.destroy();
    // Switched to nothing: the bytes that follow are in no protocol that anybody has named.
    if (answer.statusCode === 101) return this.#fail(new Error('bad upgrade'));
    stopTimer(this.#continue);
    this.#answer = answer;
    this.rawHeaders = answer.rawHeaders;
    const { bodyTimeout } = this.#call;
    answer.on('data', (chunk: Buffer) => this.#handler.onResponseData?.(this, chunk));
    answer.once('end', () => this.#ended(answer));
    answer.on('error', (error) => this.#fail(error));
    answer.once('close', () => this.#fail(new Error('the endpoint closed the connection')));
    // A client that does not take what there is for it is no fault of the endpoint's.
    answer.setTimeout(bodyTimeout, () => (this.paused ? answer.setTimeout(bodyTimeout) : this.#fail(STALLED)));
    this.#handler.onResponseStart?.(this, answer.statusCode ?? 0, {}, reasonOf(answer));
    if (this.paused) answer.pause();
  }

  #ended(answer: IncomingMessage): void {
    if (this.#over || !answer.complete) return;
    this.#end();
    this.rawTrailers = answer.rawTrailers;
    // Where the endpoint has answered before it heard everything, nobody waits for the rest.
    this.#request.destroy();
    this.#handler.onResponseEnd?.(this, {});
  }

  #upgraded(answer: IncomingMessage, socket: Socket, early: Buffer): void {
    // Node lets go of it here, and so it has no listener for errors.
    socket.on('error', () => socket.destroy());
    if (this.#over) return void socket.destroy();
    if (answer.statusCode !== 101) return this.#fail(new Error('bad upgrade'));
    this.#end();
    this.rawHeaders = answer.rawHeaders;
    if (early.length > 0) socket.unshift(early);
    this.#handler.onRequestUpgrade(this, 101, {}, socket);
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#end();
    this.#request.destroy();
    this.#handler.onResponseError?.(this, error);
  }

  #end(): void {
    this.#over = true;
    stopTimer(this.#continue);
  }
}

const STALLED = Object.assign(new Error('nothing moved'), { code: 'UND_ERR_BODY_TIMEOUT' });

/** undici gives reasons as UTF-8, Node as one character a byte. */
function reasonOf({ statusMessage = '' }: IncomingMessage): string {
  return Buffer.from(statusMessage, 'latin1').toString();
}
