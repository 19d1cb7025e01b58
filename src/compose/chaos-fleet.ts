import type { ChaosRegistry } from '../chaos/registry.ts';
import type { ChaosExperiment } from '../config/topology-chaos.ts';
import {
  CHAOS_PREFIX,
  chaosKey,
  chaosValue,
  type SharedExperiment,
  type Stopped,
  sharedExperimentOf,
  startOf,
} from '../fleet/chaos-record.ts';
import type { Fleet, Put, SharedRecord } from '../fleet/fleet.ts';
import type { Event } from '../table/event.ts';

export type ChaosFleetDeps = {
  readonly fleet: Pick<Fleet, 'list' | 'put' | 'onChange'>;
  readonly registry: Pick<ChaosRegistry, 'settings' | 'running' | 'start' | 'stop'>;
  readonly edge: string;
  readonly wallMs: () => number;
  readonly emit: (event: Event) => void;
};

/** What is over in less is not worth starting: its end by the wall clock and by the table's are not the same moment. */
const LEFT_MIN_MS = 1000;

/**
 * Experiments that run on the whole fleet: what is started at one edge runs on each that has chaos enabled, and what is
 * stopped at one, by an operator or by its guard, is stopped on all. Each edge's own guard watches over its own clients.
 */
export class ChaosFleet {
  readonly #deps: ChaosFleetDeps;
  /** Those of the fleet that run here, by name. As many as run at a time. */
  readonly #here = new Map<string, SharedExperiment>();
  #telling: readonly Promise<Put>[] = [];

  constructor(deps: ChaosFleetDeps) {
    this.#deps = deps;
    deps.fleet.onChange((record) => {
      if (record.key.startsWith(CHAOS_PREFIX)) this.#take(record);
    });
  }

  /** Takes up what runs elsewhere: when this edge starts, and when its file has changed. */
  catchUp(): void {
    for (const record of this.#deps.fleet.list(CHAOS_PREFIX)) this.#take(record);
  }

  isShared(name: string): boolean {
    return this.#here.has(name);
  }

  /** Starts an experiment that has been started here on all other edges too. */
  share(experiment: ChaosExperiment, forMs: number): void {
    const startedAtMs = this.#deps.wallMs();
    const shared = { experiment, startedAtMs, untilMs: startedAtMs + forMs, startedBy: this.#deps.edge };
    this.#here.set(experiment.name, { ...shared, stopped: undefined });
    this.#put({ ...shared, stopped: undefined });
  }

  /** To be called with every event: what is stopped here is stopped everywhere, but not what ends here by a reload. */
  onEvent(event: Event): void {
    if (event.type !== 'chaos-stopped') return;
    const shared = this.#here.get(event.experiment);
    // That an experiment of the file could not start, since this one runs, is told of in the same words.
    const { running } = this.#deps.registry;
    if (shared === undefined || running.some(({ experiment }) => experiment.name === event.experiment)) return;
    this.#here.delete(event.experiment);
    if (event.reason !== 'operator' && event.reason !== 'guard') return;
    const stopped: Stopped = { reason: event.reason, detail: event.detail, edge: this.#deps.edge };
    this.#put({ ...shared, stopped });
  }

  /** Where what was told so far is stored: `here` while any of it is nowhere else; undefined when nothing was told. */
  async told(): Promise<Put['stored'] | undefined> {
    const puts = await Promise.allSettled(this.#telling);
    this.#telling = [];
    if (puts.length === 0) return undefined;
    return puts.every((put) => put.status === 'fulfilled' && put.value.stored === 'primary') ? 'primary' : 'here';
  }

  #put(shared: SharedExperiment): void {
    const putting = this.#deps.fleet.put(chaosKey(shared.experiment.name), chaosValue(shared));
    // Somebody who wants to know asks at once; of what a guard tells nobody does.
    this.#telling = [...this.#telling.slice(-TELLING_MAX), putting];
    putting.catch(() => {});
  }

  #take(record: SharedRecord): void {
    const shared = sharedExperimentOf(record);
    if (shared === undefined) return;
    const { name } = shared.experiment;
    const here = this.#here.get(name);
    if (here !== undefined && startOf(here) === startOf(shared)) {
      if (shared.stopped !== undefined) this.#stop(name, stoppedText(shared.stopped));
      return;
    }
    if (here !== undefined) this.#stop(name, `it was started anew on ${shared.startedBy}`);
    if (shared.stopped === undefined) this.#start(shared);
  }

  #stop(name: string, detail: string): void {
    this.#here.delete(name);
    this.#deps.registry.stop(name, 'fleet', detail);
  }

  #start(shared: SharedExperiment): void {
    const { registry, wallMs, emit } = this.#deps;
    const { experiment } = shared;
    const forMs = Math.min(experiment.forMs, shared.untilMs - wallMs());
    if (!registry.settings.enabled || forMs < LEFT_MIN_MS) return;
    const started = registry.start({ experiment, forMs, by: 'fleet' });
    if (!('error' in started)) {
      this.#here.set(experiment.name, shared);
      return;
    }
    const detail = `${shared.startedBy} has started it on the fleet, and it could not start here: ${started.error}`;
    emit({ type: 'chaos-stopped', experiment: experiment.name, reason: 'fleet', detail });
  }
}

/** Puts that somebody may still ask about. */
const TELLING_MAX = 16;

function stoppedText({ reason, detail, edge }: Stopped): string {
  return `${reason === 'guard' ? `the guard of ${edge}` : `an operator on ${edge}`} has stopped it: ${detail}`;
}
