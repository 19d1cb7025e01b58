import type { ChaosRegistry } from '../chaos/registry.ts';
import type { ChaosExperiment } from '../config/topology-chaos.ts';
import {
  CHAOS_PREFIX,
  chaosValue,
  isLaterStart,
  keyForStart,
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
  /** The clock that never jumps. */
  readonly nowMs: () => number;
  readonly emit: (event: Event) => void;
};

/** What is over in less is not worth starting: its end by the wall clock and by the table's are not the same moment. */
const LEFT_MIN_MS = 1000;

/** One that runs here, and the key of its record. */
type Here = { readonly key: string; readonly shared: SharedExperiment };

/**
 * Experiments that run on the whole fleet: what is started at one edge runs on each that has chaos enabled, and what is
 * stopped at one, by an operator or by its guard, is stopped on all. Each edge's own guard watches over its own clients.
 */
export class ChaosFleet {
  readonly #deps: ChaosFleetDeps;
  /** Those of the fleet that run here, by name. As many as run at a time. */
  readonly #here = new Map<string, Here>();
  /**
   * By key, the start that was heard of last and when it is over here, by the clock that never jumps: however the wall
   * clocks differ or step, no start runs for longer than its time, nor once more. As many as there are records.
   */
  readonly #heard = new Map<string, { readonly start: string; readonly untilMs: number }>();
  #puts: readonly Promise<Put>[] = [];

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
    const { fleet, wallMs, nowMs, edge } = this.#deps;
    const [key, startedAtMs] = [keyForStart(experiment.name, fleet.list(CHAOS_PREFIX)), wallMs()];
    const shared = { experiment, startedAtMs, untilMs: startedAtMs + forMs, startedBy: edge, stopped: undefined };
    this.#heard.set(key, { start: startOf(shared), untilMs: nowMs() + forMs });
    this.#here.set(experiment.name, { key, shared });
    this.#put(key, shared);
  }

  /**
   * To be called with every event: what is stopped here is stopped everywhere, but not what ends here by a reload. That an
   * experiment has expired is said by the edge that it was started at.
   */
  onEvent(event: Event): void {
    if (event.type !== 'chaos-stopped') return;
    const here = this.#here.get(event.experiment);
    // An experiment of the file that could not start, since this one runs, is reported in the same words.
    const { running } = this.#deps.registry;
    if (here === undefined || running.some(({ experiment }) => experiment.name === event.experiment)) return;
    this.#here.delete(event.experiment);
    const { reason, detail } = event;
    if (reason === 'reload' || reason === 'fleet') return;
    if (reason === 'expired' && here.shared.startedBy !== this.#deps.edge) return;
    const stopped: Stopped = { reason, detail, edge: this.#deps.edge };
    this.#put(here.key, { ...here.shared, stopped });
  }

  /** Where what was put so far is stored: `here` while any of it is nowhere else; undefined when nothing was put. */
  async stored(): Promise<Put['stored'] | undefined> {
    const puts = await Promise.allSettled(this.#puts);
    this.#puts = [];
    if (puts.length === 0) return undefined;
    return puts.every((put) => put.status === 'fulfilled' && put.value.stored === 'primary') ? 'primary' : 'here';
  }

  #put(key: string, shared: SharedExperiment): void {
    const putting = this.#deps.fleet.put(key, chaosValue(shared));
    // Somebody who wants to know asks at once; of what a guard tells nobody does.
    this.#puts = [...this.#puts.slice(-TELLING_MAX), putting];
    putting.catch(() => {});
  }

  #take(record: SharedRecord): void {
    const shared = sharedExperimentOf(record);
    if (shared === undefined) return;
    const { key } = record;
    const leftMs = this.#leftMs(key, shared);
    const start = startOf(shared);
    // The key had an experiment that was over elsewhere, and that this edge had not heard the end of.
    const other = [...this.#here].find(([, here]) => here.key === key && startOf(here.shared) !== start)?.[0];
    if (other !== undefined) this.#stop(other, `${shared.experiment.name} was started on ${shared.startedBy} after it`);
    const { name } = shared.experiment;
    const here = this.#here.get(name);
    if (here !== undefined && startOf(here.shared) === start) {
      if (shared.stopped !== undefined) this.#stop(name, stoppedText(shared.stopped));
      return;
    }
    if (shared.stopped !== undefined || (here !== undefined && !isLaterStart(shared, here.shared))) return;
    if (here !== undefined) this.#stop(name, `it was started anew on ${shared.startedBy}`);
    this.#start({ key, shared }, leftMs);
  }

  /** What is left of a start's time here: counted on from when it was first heard of. */
  #leftMs(key: string, shared: SharedExperiment): number {
    const { nowMs, wallMs } = this.#deps;
    const known = this.#heard.get(key);
    const start = startOf(shared);
    if (known?.start === start) return known.untilMs - nowMs();
    const { untilMs, startedAtMs, experiment } = shared;
    const leftMs = Math.min(experiment.forMs, untilMs - startedAtMs, untilMs - wallMs());
    this.#heard.set(key, { start, untilMs: nowMs() + leftMs });
    return leftMs;
  }

  #stop(name: string, detail: string): void {
    this.#here.delete(name);
    this.#deps.registry.stop(name, 'fleet', detail);
  }

  #start(here: Here, forMs: number): void {
    const { registry, emit } = this.#deps;
    const { experiment, startedBy } = here.shared;
    if (!registry.settings.enabled || forMs < LEFT_MIN_MS) return;
    const started = registry.start({ experiment, forMs, by: 'fleet' });
    if (!('error' in started)) {
      this.#here.set(experiment.name, here);
      return;
    }
    const detail = `${startedBy} has started it on the fleet, and it could not start here: ${started.error}`;
    emit({ type: 'chaos-stopped', experiment: experiment.name, reason: 'fleet', detail });
  }
}

/** Puts that somebody may still ask about. */
const TELLING_MAX = 16;

function stoppedText({ reason, detail, edge }: Stopped): string {
  if (reason === 'expired') return `it has expired on ${edge}: ${detail}`;
  return `${reason === 'guard' ? `the guard of ${edge}` : `an operator on ${edge}`} has stopped it: ${detail}`;
}
