import type { Worker } from 'node:worker_threads';
import type { Purge } from '../edge/ladder/ladders.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import { takeThread } from './edge-stock.ts';
import type { EdgeBirth, FromEdge, ToEdge } from './protocol.ts';

/** A thread that was asked to end and has not within this time is ended by force: it may be busy for ever. */
export const CUT_GRACE_MS = 2000;

/** How a purge went: threads that have forgotten, and those that have not and why. */
export type PurgeReport = {
  readonly threads: number;
  readonly failed: readonly { readonly thread: number; readonly error: string }[];
};

/** A thread that has not said by then whether it has forgotten copies has not: more than its own store may take. */
export const PURGE_REPLY_MS = 10_000;

/** What becomes of a thread. Calls come in this order, the middle ones perhaps never. */
export type WorkerWatch = {
  readonly listens: (worker: EdgeWorker) => void;
  /** An uncaught error: the thread serves on until it is asked to end. */
  readonly fails: (worker: EdgeWorker, error: string) => void;
  readonly hears: (worker: EdgeWorker, message: FromEdge) => void;
  /** It has ended; `error` says why if it was not asked to. */
  readonly ends: (worker: EdgeWorker, error: string) => void;
};

/** One edge thread, as the control thread has it. */
export class EdgeWorker {
  /** Its worker block, and its name in logs. */
  readonly block: number;
  readonly bornMs: number;
  /** Resolves when it has ended. */
  readonly gone: Promise<void>;
  /** The version of the deployment that it works with. */
  version: number;
  listening = false;
  /** It has listened, though it may not any more. */
  everListened = false;
  /** It has failed, and goes once another listens in its place. */
  failed = false;
  readonly #worker: Worker;
  /** Called when it has forgotten what it was asked to forget, or with why it has not. */
  readonly #purging = new Map<number, (error: string | undefined) => void>();
  readonly #pinging = new Set<(answered: boolean) => void>();
  #error = 'it ended';
  #drain: Timer | undefined;
  #grace: Timer | undefined;

  constructor(birth: EdgeBirth, at: { readonly bornMs: number; readonly version: number }, watch: WorkerWatch) {
    this.block = birth.worker;
    this.bornMs = at.bornMs;
    this.version = at.version;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#worker = takeThread(birth);
    this.#worker.on('message', (message: FromEdge) => this.#hear(message, watch));
    this.#worker.on('error', (cause) => {
      this.#error = String((cause as Error).stack ?? cause);
    });
    this.#worker.on('exit', () => {
      stopTimer(this.#drain);
      stopTimer(this.#grace);
      this.listening = false;
      this.#answer();
      resolve();
      watch.ends(this, this.#error);
    });
  }

  tell(message: ToEdge): void {
    this.#worker.postMessage(message);
  }

  /** Has it forget copies; resolves with why it has not, or undefined when it has. */
  async purge(id: number, purge: Purge): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#purging.set(id, resolve);
    this.tell({ type: 'purge', id, purge });
    const timer = startTimer(PURGE_REPLY_MS, resolve, `no answer within ${PURGE_REPLY_MS / 1000} seconds`);
    const ended = this.gone.then(() => 'the thread ended before it answered');
    const error = await Promise.race([promise, ended]);
    stopTimer(timer);
    this.#purging.delete(id);
    return error;
  }

  /** Whether it answers within this time. One that ends meanwhile is another's concern, and does not count as silent. */
  async answers(withinMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#pinging.add(resolve);
    this.tell({ type: 'ping' });
    const timer = startTimer(withinMs, resolve, false);
    const answered = await promise;
    stopTimer(timer);
    this.#pinging.delete(resolve);
    return answered;
  }

  /** Has it take no more connections and finish what it has, within this time. */
  retire(drainMs: number): void {
    this.tell({ type: 'stop' });
    this.#drain ??= startTimer(drainMs, () => this.cut(), undefined);
  }

  /** Ends it now, by force if it does not by itself. */
  cut(): void {
    this.tell({ type: 'cut' });
    this.#grace ??= startTimer(CUT_GRACE_MS, () => void this.kill(), undefined);
  }

  /** Ends it as if it had crashed. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #answer(): void {
    for (const answered of this.#pinging) answered(true);
  }

  #hear(message: FromEdge, watch: WorkerWatch): void {
    switch (message.type) {
      case 'listening':
        this.listening = true;
        this.everListened = true;
        return watch.listens(this);
      case 'failed':
        // It ends by itself, and this is why.
        this.#error = message.error;
        return;
      case 'failing':
        this.failed = true;
        return watch.fails(this, message.error);
      case 'pong':
        return this.#answer();
      case 'purged':
        return this.#purging.get(message.id)?.(message.error);
      default:
        return watch.hears(this, message);
    }
  }
}
