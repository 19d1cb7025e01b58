import { getCACertificates } from 'node:tls';
import { createClient } from 'redis';
import type { Clock, Random } from '../table/clock.ts';
import type { Sleep } from '../table/loop.ts';
import { atEndOfTurn, startTimer, stopTimer } from '../table/timers.ts';
import { redisErrorText } from './redis-error-text.ts';

/** What went wrong with a command, for people; never with a password in it. */
class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Connecting, with greeting and password, is given up after this long: several round trips to the other side of the world. */
export const CONNECT_MS = 3000;
/** A new try begins this long after the last, whether that has ended or not: one that hangs must not delay the one that works. */
export const RETRY_MS = 400;
/** Tries at once: as many as begin while one hangs, or there would be a time without a try. */
const TRIES_MAX = 12;
/** A connection that has owed an answer for so long is replaced by one that answers, as soon as there is one. */
export const SILENT_MS = 800;
/** And is cut after this long even if there is none. */
export const HUNG_MS = 10_000;
/** A look that comes later than this was held up by this thread's own work, which is not the server's silence. */
const HELD_UP_MS = 300;
/** How often a connection is looked at. */
const LOOK_MS = 100;
/** Commands on their way at once: more than an edge ever has, so it is only reached by a server that hangs. */
const COMMANDS_MAX = 1000;

export type LinkDeps = {
  readonly url: string;
  /** PEM text of additional authorities. */
  readonly ca: string | undefined;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: Random;
  /** Makes a new connection ready to be used; one that rejects is none. */
  readonly prepare: (client: RedisClient) => Promise<void>;
  /** Connected, or no longer. */
  readonly moved: () => void;
};

export type RedisClient = ReturnType<typeof clientOf>;

/**
 * One connection to a server, made again whenever it ends. The client's own ways are off: it would keep commands for a
 * server that is gone, wait for an answer without limit, and hold on to a connection that is silent for minutes after the
 * network is well again. A silent connection is only given up for one that speaks, so a server that is slow is not
 * connected to again and again.
 */
export class RedisLink {
  readonly #deps: LinkDeps;
  #client: RedisClient | undefined;
  #trouble = '';
  /** When the oldest command began that has no answer. */
  readonly #waiting = new Map<number, number>();
  #calls = 0;
  #tries = 0;
  #answeredMs = 0;
  readonly #closed = new AbortController();
  #running: Promise<void> | undefined;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#drop('it is closed');
    await this.#running;
  }

  /** As a text; empty when it answers, or has not been tried yet. */
  get trouble(): string {
    return this.#client !== undefined && !this.isConnected() ? 'it does not answer' : this.#trouble;
  }

  isConnected(): boolean {
    return this.#client !== undefined && this.#silentMs() < SILENT_MS;
  }

  /** The connection may have missed something: it is made anew. */
  renew(): void {
    if (this.#client !== undefined) this.#drop('it is being connected again');
  }

  /** Runs a command. Rejects with a `StoreError` when it fails or has no answer within `limitMs`. */
  async call<T>(run: (client: RedisClient) => Promise<T>, limitMs: number): Promise<T> {
    const client = this.#client;
    if (client === undefined) throw new StoreError(this.trouble || 'it is not connected yet');
    const call = (this.#calls += 1);
    this.#waiting.set(call, this.#deps.clock.nowMs());
    const answer = run(client).finally(() => {
      if (this.#waiting.delete(call)) this.#answeredMs = this.#deps.clock.nowMs();
    });
    try {
      return await within(answer, limitMs);
    } catch (error) {
      // The cause itself may quote the URL.
      throw new StoreError(redisErrorText(error, this.#deps.url));
    }
  }

  async #run(): Promise<void> {
    const { clock, sleep, random } = this.#deps;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const isConnected = this.isConnected();
      if (!isConnected && this.#tries < TRIES_MAX) void this.#connect();
      const waitMs = isConnected ? LOOK_MS : RETRY_MS * (0.5 + random());
      const startMs = clock.nowMs();
      await sleep(waitMs, signal);
      if (clock.nowMs() - startMs > waitMs + HELD_UP_MS) this.#answeredMs = clock.nowMs();
    }
  }

  async #connect(): Promise<void> {
    const { url, ca, prepare } = this.#deps;
    this.#tries += 1;
    let client: RedisClient | undefined;
    // The first that it complains of; that it then closed the connection says less.
    let first: unknown;
    try {
      const fresh = clientOf(url, ca);
      client = fresh;
      fresh.on('error', (error: unknown) => {
        first ??= error;
        this.#failed(fresh, error);
      });
      await within(
        fresh.connect().then(() => prepare(fresh)),
        CONNECT_MS,
      );
      // Another try may have been faster.
      if (this.#closed.signal.aborted || this.isConnected()) fresh.destroy();
      else this.#replace(fresh);
    } catch (error) {
      end(client);
      const isHanging = this.#client !== undefined && this.#silentMs() < HUNG_MS;
      if (!this.isConnected() && !isHanging) this.#drop(redisErrorText(first ?? error, url));
    } finally {
      this.#tries -= 1;
    }
  }

  #replace(client: RedisClient): void {
    const old = this.#client;
    this.#client = client;
    this.#trouble = '';
    this.#waiting.clear();
    end(old);
    this.#deps.moved();
  }

  #failed(client: RedisClient, error: unknown): void {
    if (client === this.#client) this.#drop(redisErrorText(error, this.#deps.url));
  }

  #drop(trouble: string): void {
    const old = this.#client;
    this.#client = undefined;
    this.#trouble = trouble;
    this.#waiting.clear();
    end(old);
    if (old !== undefined) this.#deps.moved();
  }

  #silentMs(): number {
    const [oldest] = this.#waiting.values();
    return oldest === undefined ? 0 : this.#deps.clock.nowMs() - Math.max(oldest, this.#answeredMs);
  }
}

/**
 * What all clients have in common. Making one from nothing makes a class with every command of Redis, in milliseconds that
 * would keep a thread busy that connects to many servers that are down; a copy of this one takes microseconds.
 */
const TEMPLATE = createClient({
  disableOfflineQueue: true,
  commandsQueueMaxLength: COMMANDS_MAX,
  disableClientInfo: true,
  maintNotifications: 'disabled',
});

function clientOf(url: string, ca: string | undefined) {
  const authorities = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
  const tls = url.startsWith('rediss:') ? { tls: true as const, ...authorities } : {};
  return TEMPLATE.duplicate({ url, socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false, ...tls } });
}

/** Ends a client that may have ended by itself. */
function end(client: RedisClient | undefined): void {
  try {
    client?.destroy();
  } catch {
    // It had.
  }
}

/**
 * What `promise` gives, or a rejection after `ms`. After this thread has been held up, what has arrived meanwhile is
 * looked at first.
 */
function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = startTimer(ms, () => atEndOfTurn(() => reject(new Error('timeout'))), undefined);
  return Promise.race([promise, late]).finally(() => stopTimer(timer));
}
