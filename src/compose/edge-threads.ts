import type { RunningExperiment } from '../chaos/experiment.ts';
import type { Purge } from '../edge/ladder/ladders.ts';
import type { Deployment } from '../edge/thread/deployment.ts';
import type { AddressBook } from '../table/addresses.ts';
import type { Challenges } from '../table/challenges.ts';
import type { LineRing } from '../table/line-ring.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import type { EdgeThreadsDeps } from './edge-threads-deps.ts';
import { EdgeWorker, type PurgeReport } from './edge-worker.ts';
import type { FromEdge, GeoBytes, ToEdge } from './protocol.ts';
import { restartDelayMs, SERVED_MS } from './restart-delay.ts';

/**
 * The edge threads: started together, sent the same messages, replaced when they die. There are `count` places; a thread that fails
 * (an error reached its top) keeps its place until another listens in it, and then finishes what it has within the drain
 * time. A place whose threads end before they have served waits longer for each next one.
 */
export class EdgeThreads {
  readonly #deps: EdgeThreadsDeps;
  readonly #places: readonly Place[];
  /** Every thread that lives, those that only finish what they have among them. The oldest are first. */
  readonly #workers = new Set<EdgeWorker>();
  #deployment: Deployment;
  #geo: GeoBytes;
  #chaos: readonly RunningExperiment[] = [];
  /** The wall clock when the threads' clock was at 0: one for all of them, whenever they are born. */
  readonly #wallOriginMs: number;
  #version = 0;
  #purges = 0;
  #ending = false;
  #started = false;

  constructor(deps: EdgeThreadsDeps, deployment: Deployment, geo: GeoBytes) {
    this.#deps = deps;
    this.#deployment = deployment;
    this.#geo = geo;
    this.#places = Array.from({ length: deps.count }, () => ({
      worker: undefined,
      misses: 0,
      waiting: undefined,
      problem: '',
    }));
    this.#wallOriginMs = wallClockMs() - deps.nowMs();
  }

  /** Starts all threads; resolves when all of them listen, rejects when one cannot. */
  async start(): Promise<void> {
    const listening = this.#places.map((place) => {
      const { promise, ...first } = Promise.withResolvers<void>();
      place.first = first;
      this.#spawn(place);
      return promise;
    });
    await Promise.all(listening);
    this.#started = true;
  }

  /** Whether all threads have listened, once. */
  get started(): boolean {
    return this.#started;
  }

  /** The version of the deployment that was sent last. */
  get version(): number {
    return this.#version;
  }

  /** Threads that take connections. */
  get listening(): number {
    return this.#places.filter(({ worker }) => worker?.listening === true).length;
  }

  /** Why threads are missing, in words; empty when none is. */
  get problems(): readonly string[] {
    return this.#places.flatMap(({ problem }) => (problem === '' ? [] : [problem]));
  }

  deploy(deployment: Deployment): void {
    this.#deployment = deployment;
    this.#version += 1;
    this.#tell({ type: 'deploy', version: this.#version, deployment });
  }

  setAddresses(addresses: AddressBook): void {
    this.#deployment = { ...this.#deployment, addresses };
    this.#tell({ type: 'addresses', addresses });
  }

  setChallenges(challenges: Challenges | undefined): void {
    this.#deployment = { ...this.#deployment, challenges };
    this.#tell({ type: 'challenges', challenges });
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
    const replies = Array.from(this.#workers, async (one) => ({
      thread: one.block,
      error: await one.purge(id, purge),
    }));
    const heard = await Promise.all(replies);
    const failed = heard.flatMap(({ thread, error }) => (error === undefined ? [] : [{ thread, error }]));
    return { threads: heard.length - failed.length, failed };
  }

  /** Whether every thread that listens answers within this time; not when none listens. */
  async answering(withinMs: number): Promise<boolean> {
    const asked = Array.from(this.#workers).filter(({ listening }) => listening);
    const answers = await Promise.all(asked.map((worker) => worker.answers(withinMs)));
    return answers.length > 0 && answers.every(Boolean);
  }

  drain(): void {
    this.#end();
    this.#tell({ type: 'drain' });
  }

  /** Stops taking connections and resolves when every thread has finished what it had. */
  async stop(): Promise<void> {
    this.#end();
    this.#tell({ type: 'stop' });
    await this.#allGone();
  }

  /** Ends every thread now. */
  async cut(): Promise<void> {
    this.#end();
    for (const worker of this.#workers) worker.cut();
    await this.#allGone();
  }

  /** Ends the thread of one place as if it had crashed: for tests of what happens then. */
  async kill(place: number): Promise<void> {
    await this.#places[place]?.worker?.kill();
  }

  /** Tells the thread of one place to crash or to hang: for tests of what happens then. */
  harm(place: number, how: Extract<ToEdge, { type: 'crash' | 'hang' }>): void {
    this.#places[place]?.worker?.tell(how);
  }

  /** Nobody is replaced any more. */
  #end(): void {
    this.#ending = true;
    for (const { waiting } of this.#places) stopTimer(waiting);
  }

  #allGone(): Promise<unknown> {
    return Promise.all(Array.from(this.#workers, ({ gone }) => gone));
  }

  #tell(message: ToEdge): void {
    for (const worker of this.#workers) worker.tell(message);
  }

  #spawn(place: Place): void {
    place.waiting = undefined;
    const { listen, reusePort, shared, lines, nowMs, tolerant } = this.#deps;
    const block = this.#freeBlock();
    if (block === undefined) return this.#spawnIn(place, SERVED_MS);
    const birth = {
      worker: block,
      shared,
      deployment: this.#deployment,
      geo: this.#geo,
      chaos: this.#chaos,
      wallOriginMs: this.#wallOriginMs,
      listen,
      reusePort,
      tolerant,
      lines: (lines[block] as LineRing).shared,
    };
    const worker = new EdgeWorker(
      birth,
      { bornMs: nowMs(), version: this.#version },
      {
        listens: (self) => this.#listens(place, self),
        fails: (self, error) => this.#fails(place, self, error),
        hears: (self, message) => this.#hear(self, message),
        ends: (self, error) => this.#ends(place, self, error),
      },
    );
    this.#workers.add(worker);
    // One that has failed stays in its place until this one listens.
    place.worker ??= worker;
  }

  /** A worker block that no thread writes; the one of the thread that failed longest ago is freed when there is none. */
  #freeBlock(): number | undefined {
    const used = Array.from(this.#workers, ({ block }) => block);
    const free = this.#deps.shared.workers.findIndex((_, block) => !used.includes(block));
    if (free !== -1) return free;
    const serving = new Set(this.#places.map(({ worker }) => worker));
    for (const worker of this.#workers) {
      if (serving.has(worker)) continue;
      worker.cut();
      break;
    }
    return undefined;
  }

  #listens(place: Place, worker: EdgeWorker): void {
    const { emit, drainMs } = this.#deps;
    emit({ type: 'worker-started', worker: worker.block });
    place.first?.resolve();
    place.problem = '';
    const before = place.worker;
    place.worker = worker;
    if (before !== worker) before?.retire(drainMs());
  }

  /** Another comes in its place. Where a port cannot be shared, it has to go first. */
  #fails(place: Place, worker: EdgeWorker, error: string): void {
    this.#deps.emit({ type: 'worker-failed', worker: worker.block, error });
    if (this.#ending) return;
    if (!this.#deps.reusePort) {
      place.worker = undefined;
      worker.retire(this.#deps.drainMs());
    }
    this.#replace(place, worker);
  }

  #ends(place: Place, worker: EdgeWorker, error: string): void {
    const { died, emit, logged } = this.#deps;
    logged();
    this.#workers.delete(worker);
    died(worker.block);
    place.first?.reject(new Error(error));
    const served = place.worker === worker;
    if (served) place.worker = undefined;
    this.#checkDeployed();
    if (this.#ending || (worker.failed && !served)) return;
    emit({ type: 'worker-died', worker: worker.block, error });
    place.problem = `edge thread ${worker.block} ended: ${error.split('\n', 1)[0]}`;
    // One that failed has its successor on the way already.
    if (worker.failed) return;
    this.#replace(place, worker);
  }

  #replace(place: Place, worker: EdgeWorker): void {
    place.misses = worker.everListened && this.#deps.nowMs() - worker.bornMs >= SERVED_MS ? 0 : place.misses + 1;
    this.#spawnIn(place, restartDelayMs(place.misses));
  }

  #spawnIn(place: Place, ms: number): void {
    if (!this.#ending) place.waiting ??= startTimer(ms, () => this.#spawn(place), undefined);
  }

  #hear(worker: EdgeWorker, message: FromEdge): void {
    if (message.type === 'event') this.#deps.emit(message.event);
    else if (message.type === 'lines') this.#deps.logged();
    else if (message.type === 'deployed') {
      worker.version = message.version;
      this.#checkDeployed();
    }
  }

  #checkDeployed(): void {
    this.#deps.deployed(Math.min(this.#version, ...Array.from(this.#workers, ({ version }) => version)));
  }
}

/** Where one thread serves. */
type Place = {
  worker: EdgeWorker | undefined;
  /** Threads in a row that ended before they had served for a while. */
  misses: number;
  /** Until the next one is started. */
  waiting: Timer | undefined;
  /** Why there is none; empty when there is. */
  problem: string;
  /** Called with what became of the very first thread. */
  first?: { readonly resolve: () => void; readonly reject: (error: Error) => void };
};
