import type { Service, Topology } from '../../config/topology.ts';
import type { ForgetOrder } from '../../degraded/forgotten.ts';
import { PASSING_BYTES_MAX } from '../../degraded/limits.ts';
import { type LadderDeps, ServiceLadder } from '../../degraded/service-ladder.ts';
import { loadUndici } from '../../degraded/undici.ts';
import { ByteBudget } from '../../table/byte-budget.ts';
import { startTimer } from '../../table/timers.ts';

/** Which copies of which service to forget: those of one URL, of all that begin so, or (the empty prefix) all. */
export type Purge = ForgetOrder & { readonly service: string };

/** A purge that a store does not carry out is tried again for this long, in steps that grow up to the second, and then has failed. */
export const PURGE_WITHIN_MS = 5000;
const PURGE_STEP_MS = 100;
const PURGE_STEP_MS_MAX = 1000;

export type LaddersDeps = Pick<LadderDeps, 'threads' | 'wallMs'> & {
  readonly storeFailed: (service: string, error: string) => void;
};

/** Loads what ladders need where a service of this topology asks for one: to be waited for before they are made. Undefined: nothing to wait for. */
export function readyForLadders({ services }: Topology): Promise<void> | undefined {
  return services.some(({ degraded }) => degraded !== undefined) ? loadUndici() : undefined;
}

/** The ladders of the services that ask for one, in this thread. */
export class Ladders {
  readonly #deps: LaddersDeps;
  readonly #ladders = new Map<string, ServiceLadder>();
  /** Those that a reload has replaced and that still have requests, and their services. */
  readonly #retired = new Map<ServiceLadder, string>();
  readonly #passing = new ByteBudget(PASSING_BYTES_MAX);
  #closed = false;

  constructor(deps: LaddersDeps, topology: Topology) {
    this.#deps = deps;
    this.keepOnly(topology);
  }

  /** The ladder of a service; undefined when it has none. */
  of(service: Service): ServiceLadder | undefined {
    return service.degraded === undefined ? undefined : this.#ladders.get(service.name);
  }

  /** Makes the ladders of this topology; those that have not changed stay, and a changed one keeps its copies if it can. */
  keepOnly({ services, edge }: Topology): void {
    const gone = new Set(this.#ladders.keys());
    for (const { name, degraded } of services) {
      if (degraded === undefined) continue;
      gone.delete(name);
      const before = this.#ladders.get(name);
      if (before === undefined || JSON.stringify(before.policy) !== JSON.stringify(degraded)) {
        const { threads, wallMs, storeFailed } = this.#deps;
        const deps = {
          threads,
          wallMs,
          storeFailed: (error: string) => storeFailed(name, error),
          passing: this.#passing,
        };
        this.#ladders.set(name, new ServiceLadder(degraded, deps, before));
        this.#retire(name, before);
      }
      (this.#ladders.get(name) as ServiceLadder).tellsNames = edge.decisionHeaders !== 'never';
    }
    for (const name of gone) {
      this.#retire(name, this.#ladders.get(name));
      this.#ladders.delete(name);
    }
  }

  /** Forgets copies; what fails is tried again for `PURGE_WITHIN_MS`. Undefined when they are forgotten; else why some are not. */
  async purge({ service, ...order }: Purge): Promise<string | undefined> {
    const ladders = this.#allOf(service);
    let failure = failureIn(ladders.map((ladder) => ladder.forget(order)));
    let stepMs = PURGE_STEP_MS;
    for (let waitedMs = 0; failure !== undefined && waitedMs < PURGE_WITHIN_MS && !this.#closed; ) {
      await pause(stepMs);
      waitedMs += stepMs;
      stepMs = Math.min(stepMs * 2, PURGE_STEP_MS_MAX);
      failure = failureIn(ladders.map((ladder) => ladder.settle()));
    }
    return failure;
  }

  /** The ladder of each service. */
  get all(): ReadonlyMap<string, ServiceLadder> {
    return this.#ladders;
  }

  async close(): Promise<void> {
    const all = [...this.#ladders.values(), ...this.#retired.keys()];
    this.#closed = true;
    this.#ladders.clear();
    await Promise.all(all.map((ladder) => ladder.close()));
  }

  /** A service's ladder, and those before it that still have requests, which must not keep what they asked for before a purge. */
  #allOf(service: string): readonly ServiceLadder[] {
    const now = this.#ladders.get(service);
    const before = [...this.#retired].filter(([, name]) => name === service).map(([ladder]) => ladder);
    return now === undefined ? before : [now, ...before];
  }

  #retire(service: string, ladder: ServiceLadder | undefined): void {
    if (ladder === undefined) return;
    this.#retired.set(ladder, service);
    void ladder.retire().then(() => this.#retired.delete(ladder));
  }
}

function failureIn(all: readonly (string | undefined)[]): string | undefined {
  return all.find((one) => one !== undefined);
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  startTimer(ms, resolve, undefined);
  return promise;
}
