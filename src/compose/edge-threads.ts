import type { Worker } from 'node:worker_threads';
import type { RunningExperiment } from '../chaos/experiment.ts';
import type { ListenAddress } from '../config/topology.ts';
import type { Purge } from '../edge/ladder/ladders.ts';
import type { Deployment } from '../edge/thread/edge.ts';
import type { SharedTable } from '../table/endpoint-table.ts';
import type { Emit } from '../table/event.ts';
import type { LineRing } from '../table/line-ring.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { startTimer, stopTimer } from '../table/timers.ts';
import { takeThread } from './edge-stock.ts';
import type { EdgeBirth, FromEdge, GeoBytes, ToEdge } from './protocol.ts';

/** A thread that dies is replaced at once, but one that dies again within this time only after it. */
export const RESTART_MS = 1000;

/** A thread that has not said by then whether it has forgotten copies has not: more than its own store may take. */
export const PURGE_REPLY_MS = 10_000;

/** How a purge went: threads that have forgotten, and those that have not and why. */
export type PurgeReport = {
  readonly threads: number;
  readonly failed: readonly { readonly thread: number; readonly error: string }[];
};

export type EdgeThreadsDeps = {
  readonly count: number;
  readonly listen: ListenAddress;
  readonly reusePort: boolean;
  readonly shared: SharedTable;
  readonly emit: Emit;
  /** Of each thread, the ring for its log lines; it goes on with that of a dead thread in its place. */
  readonly lines: readonly LineRing[];
  /** Called when there are lines in one of them. */
  readonly logged: () => void;
  readonly nowMs: () => number;
  /** Called when a thread has died, before it is replaced: what it counted in flight is to be given back. */
  readonly died: (worker: number) => void;
  /** Called when all threads work with the deployment of this version. */
  readonly deployed: (version: number) => void;
};

/** The edge threads: started together, told the same things, replaced when they die. */
export class EdgeThreads {
  readonly #deps: EdgeThreadsDeps;
  readonly #threads: (Thread | undefined)[] = [];
  #deployment: Deployment;
  #geo: GeoBytes;
  #chaos: readonly RunningExperiment[] = [];
  /** The wall clock when the threads' clock was at 0: one for all of them, whenever they are born. */
  readonly #wallOriginMs: number;
  #version = 0;
  #purges = 0;
  #ending = false;

  constructor(deps: EdgeThreadsDeps, deployment: Deployment, geo: GeoBytes) {
    this.#deps = deps;
    this.#deployment = deployment;
    this.#geo = geo;
    this.#wallOriginMs = wallClockMs() - deps.nowMs();
  }

  /** Starts all threads; resolves when all of them listen, rejects when one cannot. */
  async start(): Promise<void> {
    const all = Array.from({ length: this.#deps.count }, (_, worker) => this.#spawn(worker).listening);
    await Promise.all(all);
  }

  /** The version of the deployment that was told last. */
  get version(): number {
    return this.#version;
  }

  /** Number of threads that live. */
  get alive(): number {
    return this.#threads.filter((thread) => thread !== undefined).length;
  }

  deploy(deployment: Deployment): void {
    this.#deployment = deployment;
    this.#version += 1;
    this.#tell({ type: 'deploy', version: this.#version, deployment });
  }

  swapGeo(geo: GeoBytes): void {
    this.#geo = geo;
    this.#tell({ type: 'geo', geo });
  }

  tellChaos(experiments: readonly RunningExperiment[]): void {
    this.#chaos = experiments;
    this.#tell({ type: 'chaos', experiments });
  }

  /** Has every thread forget copies; resolves when each has said whether it did, or will not any more. */
  async purge(purge: Purge): Promise<PurgeReport> {
    this.#purges += 1;
    const id = this.#purges;
    const told = this.#threads.flatMap((thread, index) =>
      thread === undefined ? [] : [this.#purgeOne(thread, id, purge).then((error) => ({ thread: index, error }))],
    );
    const heard = await Promise.all(told);
    const failed = heard.flatMap(({ thread, error }) => (error === undefined ? [] : [{ thread, error }]));
    return { threads: heard.length - failed.length, failed };
  }

  async #purgeOne(thread: Thread, id: number, purge: Purge): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    thread.purging.set(id, resolve);
    thread.worker.postMessage({ type: 'purge', id, purge } satisfies ToEdge);
    const seconds = PURGE_REPLY_MS / 1000;
    const timer = startTimer(PURGE_REPLY_MS, resolve, `no answer within ${seconds} seconds`);
    const ended = thread.gone.then(() => 'the thread ended before it answered');
    const error = await Promise.race([promise, ended]);
    stopTimer(timer);
    thread.purging.delete(id);
    return error;
  }

  drain(): void {
    this.#ending = true;
    this.#tell({ type: 'drain' });
  }

  /** Stops taking connections and resolves when every thread has finished what it had. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.#tell({ type: 'stop' });
    await this.#allGone();
  }

  /** Ends every thread now. */
  async cut(): Promise<void> {
    this.#ending = true;
    this.#tell({ type: 'cut' });
    await this.#allGone();
  }

  /** Ends one thread as if it had crashed: for tests of what happens then. */
  async kill(worker: number): Promise<void> {
    await this.#threads[worker]?.worker.terminate();
  }

  async #allGone(): Promise<void> {
    await Promise.all(this.#threads.flatMap((thread) => thread?.gone ?? []));
  }

  #tell(message: ToEdge): void {
    for (const thread of this.#threads) thread?.worker.postMessage(message);
  }

  #spawn(index: number): Thread {
    const { listen, reusePort, shared, lines, logged } = this.#deps;
    const birth: EdgeBirth = {
      worker: index,
      shared,
      deployment: this.#deployment,
      geo: this.#geo,
      chaos: this.#chaos,
      wallOriginMs: this.#wallOriginMs,
      listen,
      reusePort,
      lines: (lines[index] as LineRing).shared,
    };
    const worker = takeThread(birth);
    const listening = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const thread: Thread = {
      worker,
      bornMs: this.#deps.nowMs(),
      version: this.#version,
      listening: listening.promise,
      gone: gone.promise,
      purging: new Map(),
    };
    this.#threads[index] = thread;
    let error = 'it ended';
    worker.on('message', (message: FromEdge) => this.#hear(index, thread, message, listening));
    worker.on('error', (cause) => {
      error = String((cause as Error).stack ?? cause);
    });
    worker.on('exit', () => {
      logged();
      this.#threads[index] = undefined;
      gone.resolve();
      listening.reject(new Error(error));
      if (!this.#ending) this.#replace(index, thread, error);
      this.#checkDeployed();
    });
    // Only `start` waits for it; later threads just come.
    listening.promise.catch(() => {});
    return thread;
  }

  #hear(index: number, thread: Thread, message: FromEdge, listening: PromiseWithResolvers<void>): void {
    switch (message.type) {
      case 'listening':
        listening.resolve();
        this.#deps.emit({ type: 'worker-started', worker: index });
        return;
      case 'failed':
        this.#deps.emit({ type: 'worker-died', worker: index, error: message.error });
        listening.reject(new Error(message.error));
        return;
      case 'deployed':
        thread.version = message.version;
        return this.#checkDeployed();
      case 'purged':
        return thread.purging.get(message.id)?.(message.error);
      case 'event':
        return this.#deps.emit(message.event);
      case 'lines':
        return this.#deps.logged();
      case 'stopped':
        return;
      default:
        message satisfies never;
    }
  }

  #replace(index: number, dead: Thread, error: string): void {
    this.#deps.died(index);
    this.#deps.emit({ type: 'worker-died', worker: index, error });
    const livedMs = this.#deps.nowMs() - dead.bornMs;
    startTimer(
      livedMs < RESTART_MS ? RESTART_MS : 0,
      () => {
        if (!this.#ending) this.#spawn(index);
      },
      undefined,
    );
  }

  #checkDeployed(): void {
    const slowest = Math.min(this.#version, ...this.#threads.map((thread) => thread?.version ?? this.#version));
    this.#deps.deployed(slowest);
  }
}

type Thread = {
  readonly worker: Worker;
  readonly bornMs: number;
  /** The version of the deployment that it works with. */
  version: number;
  readonly listening: Promise<void>;
  readonly gone: Promise<void>;
  /** Called when it has forgotten what it was told to forget, or with why it has not. */
  readonly purging: Map<number, (error: string | undefined) => void>;
};
