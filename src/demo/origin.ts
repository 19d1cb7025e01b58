import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { peerAddressOf } from '../table/peer-address.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { startTimer } from '../table/timers.ts';

export type OriginState = 'running' | 'stopped' | 'hung';

export type OriginOptions = {
  readonly cloud: string;
  readonly region: string;
  /** The place that it says it is in. */
  readonly place: string;
  readonly host: string;
  /** 0 lets the system choose; the same port is kept from then on. */
  readonly port: number;
  /** How long an answer takes: the round trip that there would be. */
  readonly delayMs: number;
};

/** Requests that a hung origin keeps waiting; further ones are reset. */
export const HELD_MAX = 10_000;
/** Connections at a time; further ones are dropped. */
export const CONNECTIONS_MAX = 10_000;
/** Longer than any proxy keeps an idle connection, so that a close never meets a request. */
const KEEP_ALIVE_MS = 120_000;
/** While an origin is stopped its port is free, and something else may sit on it for a moment. */
const LISTEN_TRIES = 20;
const LISTEN_RETRY_MS = 100;

/**
 * A regional origin: answers every request with a small JSON object after `delayMs`, and `/healthz` with `ok`.
 *
 * It fails as machines do. Stopped, its connections are reset and new ones refused. Hung, it accepts connections and
 * requests and answers none of them; revived from that it goes on where it was, as a process does that was suspended.
 */
export class Origin {
  readonly #options: OriginOptions;
  readonly #sockets = new Set<Socket>();
  readonly #held: (() => void)[] = [];
  #server: Server | undefined;
  #state: OriginState = 'stopped';
  #port: number;
  #listenedOnce = false;
  #last: Promise<void> = Promise.resolve();

  constructor(options: OriginOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get state(): OriginState {
    return this.#state;
  }

  /** The port that it listens on, or did before it was stopped. */
  get port(): number {
    return this.#port;
  }

  /** Starts listening, or goes on after a hang. Rejects when its port cannot be had. */
  revive(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'stopped') await this.#listen();
      this.#state = 'running';
      for (const answer of this.#held.splice(0)) answer();
    });
  }

  /** Resets every connection and refuses new ones. */
  kill(): Promise<void> {
    return this.#inTurn(async () => {
      const server = this.#server;
      if (server === undefined) return;
      this.#server = undefined;
      this.#state = 'stopped';
      this.#held.length = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      // Before the server closes: it would end idle connections in good order, as no machine does that fails.
      for (const socket of this.#sockets) socket.resetAndDestroy();
      server.close(() => resolve());
      await promise;
    });
  }

  /** Keeps accepting, answers nothing. A stopped origin is started for it. */
  hang(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'stopped') await this.#listen();
      this.#state = 'hung';
    });
  }

  /** One change at a time, so that a kill never overtakes the revival before it. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => {});
    return done;
  }

  async #listen(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.#server = await this.#listening();
        this.#listenedOnce = true;
        return;
      } catch (error) {
        const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
        // Who asks for a port by number wants to hear at once that it is taken; only one that was ours is waited for.
        if (!busy || !this.#listenedOnce || tries >= LISTEN_TRIES) throw error;
        await new Promise<void>((resolve) => startTimer(LISTEN_RETRY_MS, resolve, undefined));
      }
    }
  }

  #listening(): Promise<Server> {
    const { promise, resolve, reject } = Promise.withResolvers<Server>();
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      this.#take(request, response);
    });
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.once('error', reject);
    server.listen({ host: this.#options.host, port: this.#port }, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) this.#port = address.port;
      server.off('error', reject);
      resolve(server);
    });
    return promise;
  }

  /** A body is read and dropped; the answer comes `delayMs` after its end. */
  #take(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    request.on('end', () => startTimer(this.#options.delayMs, () => this.#due(request, response), undefined));
  }

  #due(request: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed) return;
    if (this.#state !== 'hung') return this.#answer(request, response);
    if (this.#held.length >= HELD_MAX) request.socket.resetAndDestroy();
    else this.#held.push(() => this.#answer(request, response));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed) return;
    const path = request.url ?? '/';
    const healthz = path === '/healthz' || path.startsWith('/healthz?');
    const body = healthz ? 'ok\n' : `${JSON.stringify(this.#about(request, path))}\n`;
    response.writeHead(200, {
      'content-type': healthz ? 'text/plain' : 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }

  #about(request: IncomingMessage, path: string) {
    const { cloud, region, place } = this.#options;
    const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',', 1)[0] ?? '';
    const client = forwarded.trim() || peerAddressOf(request.socket);
    return { region, cloud, place, path, client, time: new Date(wallClockMs()).toISOString() };
  }
}
