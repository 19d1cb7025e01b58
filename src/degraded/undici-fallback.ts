import type { Client, Dispatcher, Pool } from 'undici';
import { addressText, authorityOf } from '../config/authority.ts';
import type { Fallback } from '../config/topology-degraded.ts';
import { OVERDUE } from '../resilience/overdue.ts';
import { ANSWER_HEAD_BYTES_MAX } from '../table/answer-limits.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import { undici } from './undici.ts';

/** Connections to one fallback backend, per edge thread; requests beyond that wait, and time out like others. */
export const FALLBACK_CONNECTIONS_MAX = 256;
/** A connection to a backend that is older takes no more requests: its name may lead elsewhere by now. */
export const FALLBACK_CONNECTION_AGE_MS = 300_000;

/** One backend beside the endpoints, with its connections. TLS is verified by the system's authorities. */
export class FallbackBackend {
  readonly fallback: Fallback;
  /** `host:port`, as `Host` and `Proxy-Status` name it. */
  readonly authority: string;
  readonly #pool: Pool;
  readonly #origin: string;
  readonly #options: Client.Options;

  constructor(fallback: Fallback) {
    this.fallback = fallback;
    const { protocol, host, port } = fallback.url;
    this.authority = authorityOf(fallback.url);
    this.#origin = `${protocol}://${addressText(host, port)}`;
    this.#options = {
      allowH2: false,
      pipelining: 1,
      maxHeaderSize: ANSWER_HEAD_BYTES_MAX,
      headersTimeout: 0,
      connect: { rejectUnauthorized: true, timeout: fallback.timeoutMs },
    };
    this.#pool = new (undici().Pool)(this.#origin, {
      ...this.#options,
      connections: FALLBACK_CONNECTIONS_MAX,
      clientTtl: FALLBACK_CONNECTION_AGE_MS,
    });
  }

  /** Asks the backend; the handler is called once, with an answer or a failure. */
  ask(request: FallbackRequest, handler: FallbackHandler): FallbackAttempt {
    const one = new FallbackAttempt(this, handler);
    one.launch(this.#pool, request);
    return one;
  }

  /** A connection that nobody has used before, for one request. */
  fresh(): Client {
    return new (undici().Client)(this.#origin, { ...this.#options, pipelining: 0 });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

export type FallbackRequest = {
  readonly method: string;
  readonly target: string;
  /** Names and values alternating, without `Host`. */
  readonly headers: readonly string[];
  readonly idleMs: number;
};

export type FallbackAnswer = { readonly status: number; readonly reason: string; readonly headers: readonly string[] };

export type FallbackHandler = {
  fallbackAnswered(one: FallbackAttempt, answer: FallbackAnswer, controller: Dispatcher.DispatchController): void;
  fallbackData(controller: Dispatcher.DispatchController, chunk: Buffer): void;
  fallbackEnded(controller: Dispatcher.DispatchController): void;
  /** Before an answer: the next step. After it: the client's answer breaks off. */
  fallbackFailed(controller: Dispatcher.DispatchController | undefined, error: Error): void;
};

/** One request to one backend. Only a status below 400 is an answer: the static site's 404 helps nobody. */
export class FallbackAttempt implements Dispatcher.DispatchHandler {
  readonly backend: FallbackBackend;
  readonly #handler: FallbackHandler;
  #controller: Dispatcher.DispatchController | undefined;
  #timer: Timer | undefined;
  /** What is sent once more when its connection turns out to have been dead. */
  #request: FallbackRequest | undefined;
  #answered = false;
  #over = false;

  constructor(backend: FallbackBackend, handler: FallbackHandler) {
    this.backend = backend;
    this.#handler = handler;
  }

  /** Whether nothing more comes of it. */
  get over(): boolean {
    return this.#over;
  }

  launch(pool: Pool, request: FallbackRequest): void {
    this.#request = request;
    this.#timer = startTimer(this.backend.fallback.timeoutMs, FallbackAttempt.timedOut, this);
    this.#send(pool, request);
  }

  #send(pool: Dispatcher, { method, target, headers, idleMs }: FallbackRequest): void {
    const { url } = this.backend.fallback;
    try {
      const all = ['Host', this.backend.authority, ...headers];
      pool.dispatch({ path: url.basePath + target, method, headers: all, bodyTimeout: idleMs }, this);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  cancel(): void {
    this.#over = true;
    stopTimer(this.#timer);
    this.#controller?.abort(new Error('no longer needed'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('no longer needed'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, reason?: string): void {
    this.#answered = true;
    if (this.#over || status < 200) return;
    stopTimer(this.#timer);
    if (status >= 400) return this.#fail(new Error(`it answered ${status}`));
    const raw = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : [];
    const headers = raw.map((value) => (typeof value === 'string' ? value : value.toString('latin1')));
    this.#handler.fallbackAnswered(this, { status, reason: reason ?? '', headers }, controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#handler.fallbackData(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.fallbackEnded(controller);
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    const sent = this.#controller !== undefined && !this.#answered;
    const request = this.#request;
    if (this.#over || !sent || request === undefined || !isLost(error)) return this.#fail(error);
    this.#request = undefined;
    this.#controller = undefined;
    const client = this.backend.fresh();
    this.#send(client, request);
    // It is closed when the request has ended, however it does.
    client.close().catch(() => {});
  }

  static timedOut(this: void, self: FallbackAttempt): void {
    self.#fail(new Error(OVERDUE.waiting.cause));
  }

  #fail(error: Error): void {
    if (this.#over) return;
    const controller = this.#controller;
    this.cancel();
    this.#handler.fallbackFailed(controller, error);
  }
}

/** The connection has ended, which says nothing about a backend that closes what is idle. Only GET and HEAD come here. */
function isLost(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
