import type { Endpoint } from '../config/topology.ts';
import type { ChaosKind } from '../config/topology-chaos.ts';
import type { Emit } from '../table/event.ts';
import type { AskedBy, FaultPlanner } from '../table/fault-plan.ts';
import { planFaults, type RunningExperiment } from './experiment.ts';

/** One edge thread's view of the experiments: what runs, and how often each was put in since the last flush. */
export class ChaosPlanner implements FaultPlanner {
  #running: readonly RunningExperiment[] = [];
  #cutting = false;
  /** At most as many entries as experiments have run since the last flush. */
  readonly #counts = new Map<string, { readonly experiment: string; readonly kind: ChaosKind; count: number }>();

  get running(): boolean {
    return this.#running.length > 0;
  }

  get cutting(): boolean {
    return this.#cutting;
  }

  /** From now on these run, and no others. */
  run(experiments: readonly RunningExperiment[]): void {
    this.#running = experiments;
    this.#cutting = experiments.some(({ experiment }) => experiment.fault.kind === 'partial');
  }

  plan({ cloud, region, id }: Endpoint, { view, priority }: AskedBy, at: { draw: number; nowMs: number }) {
    const tried = { service: view.service.name, cloud, region, id, priority: priority.name };
    return planFaults(this.#running, tried, at);
  }

  injected(experiment: string, kind: ChaosKind): void {
    const key = `${kind} ${experiment}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { experiment, kind, count: 1 });
    else known.count += 1;
  }

  /** Emits what was put in since the last call: one event for each experiment, however many requests it touched. */
  flush(emit: Emit): void {
    for (const counted of this.#counts.values()) emit({ type: 'chaos-injected', ...counted });
    this.#counts.clear();
  }
}
