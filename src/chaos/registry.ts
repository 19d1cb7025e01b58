import { durationText } from '../config/duration.ts';
import type { Topology } from '../config/topology.ts';
import type { ChaosExperiment, ChaosSettings } from '../config/topology-chaos.ts';
import type { Clock } from '../table/clock.ts';
import type { Emit } from '../table/event.ts';
import { inScope, type RunningExperiment } from './experiment.ts';

/** Experiments at a time. */
export const RUNNING_MAX = 16;
/** Experiments that are over and still shown. */
export const ENDED_SHOWN_MAX = 16;

export type RegistryDeps = {
  readonly clock: Clock;
  readonly emit: Emit;
  /** Called at once after every change, with all that run. */
  readonly tell: (running: readonly RunningExperiment[]) => void;
};

export type StopReason = 'expired' | 'operator' | 'guard' | 'reload' | 'fleet';
export type Ended = { readonly experiment: string; readonly reason: StopReason; readonly detail: string };
export type Order = {
  readonly experiment: ChaosExperiment;
  readonly forMs: number;
  readonly by: 'file' | 'api' | 'fleet';
};

/** Which experiments run. Lives in the control thread; edge threads get them, and know by themselves when one expires. */
export class ChaosRegistry {
  readonly #deps: RegistryDeps;
  #topology: Topology;
  #running: readonly RunningExperiment[] = [];
  #ended: readonly Ended[] = [];

  constructor(deps: RegistryDeps, topology: Topology) {
    this.#deps = deps;
    this.#topology = topology;
  }

  get settings(): ChaosSettings {
    return this.#topology.chaos;
  }

  get running(): readonly RunningExperiment[] {
    return this.#running;
  }

  /** The last ones that are over, the latest first. */
  get ended(): readonly Ended[] {
    return this.#ended;
  }

  /** Starts what the file wants started; called once, when the edge serves. */
  begin(): void {
    for (const experiment of this.settings.experiments) this.#autostart(experiment);
  }

  /**
   * Takes on another topology: what came from the file and is not in it any more, or is different now, ends; so does
   * everything when chaos is off. An experiment that is new in it, or different, may start.
   */
  update(topology: Topology): void {
    const before = this.settings;
    this.#topology = topology;
    const { enabled, experiments } = topology.chaos;
    const known = new Map(experiments.map((experiment) => [experiment.name, JSON.stringify(experiment)]));
    for (const { experiment, by } of this.#running) {
      if (!enabled) this.stop(experiment.name, 'reload', 'chaos.enabled is false now');
      else if (by === 'file' && known.get(experiment.name) !== JSON.stringify(experiment)) {
        this.stop(experiment.name, 'reload', 'the file has it no more, or has changed it');
      }
    }
    const old = new Map(before.enabled ? before.experiments.map((one) => [one.name, JSON.stringify(one)]) : []);
    for (const experiment of experiments) {
      if (old.get(experiment.name) !== known.get(experiment.name)) this.#autostart(experiment);
    }
  }

  /** Starts one; or says in words why not. */
  start({ experiment, forMs, by }: Order): RunningExperiment | { readonly error: string; readonly fix: string } {
    const { clock, emit } = this.#deps;
    const refusal = this.#refusal(experiment);
    if (refusal !== undefined) return refusal;
    const nowMs = clock.nowMs();
    const started = { experiment, startedMs: nowMs, untilMs: nowMs + forMs, by };
    this.#run([...this.#running, started]);
    const { name, fault, radius } = experiment;
    emit({ type: 'chaos-started', experiment: name, kind: fault.kind, radius, forMs, by });
    return started;
  }

  /** Ends one; false when it does not run. */
  stop(name: string, reason: StopReason, detail: string): boolean {
    if (!this.#running.some(({ experiment }) => experiment.name === name)) return false;
    this.#run(this.#running.filter(({ experiment }) => experiment.name !== name));
    this.#ended = [{ experiment: name, reason, detail }, ...this.#ended].slice(0, ENDED_SHOWN_MAX);
    this.#deps.emit({ type: 'chaos-stopped', experiment: name, reason, detail });
    return true;
  }

  /** Ends what has expired. */
  expire(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const { experiment, startedMs, untilMs } of this.#running) {
      if (nowMs < untilMs) continue;
      this.stop(experiment.name, 'expired', `it ran for ${durationText(Math.round(untilMs - startedMs))}`);
    }
  }

  #autostart(experiment: ChaosExperiment): void {
    if (!experiment.autostart || !this.settings.enabled) return;
    const started = this.start({ experiment, forMs: experiment.forMs, by: 'file' });
    if (!('error' in started)) return;
    // Nobody waits for an answer to this one, so it is said where people look.
    const detail = `it could not start: ${started.error}; ${started.fix}`;
    this.#deps.emit({ type: 'chaos-stopped', experiment: experiment.name, reason: 'reload', detail });
  }

  #refusal({ name, scope }: ChaosExperiment): { readonly error: string; readonly fix: string } | undefined {
    if (!this.settings.enabled) {
      return {
        error: 'chaos is off',
        fix: 'set chaos.enabled: true in the file, and think about who can reach this port',
      };
    }
    if (this.#running.some(({ experiment }) => experiment.name === name)) {
      return { error: `${name} runs already`, fix: 'stop it first, or give this one another name' };
    }
    if (this.#running.length >= RUNNING_MAX) {
      return { error: `${RUNNING_MAX} experiments run already`, fix: 'stop one of them first' };
    }
    const endpoints = this.#topology.services.flatMap((service) =>
      service.endpoints.flatMap((endpoint) =>
        Object.keys(service.routing.priorities).map((priority) => ({ ...endpoint, service: service.name, priority })),
      ),
    );
    if (endpoints.some((tried) => inScope(scope, tried))) return undefined;
    return { error: `nothing is in the scope of ${name}`, fix: 'look at GET /topology for what there is' };
  }

  #run(running: readonly RunningExperiment[]): void {
    this.#running = running;
    this.#deps.tell(running);
  }
}
