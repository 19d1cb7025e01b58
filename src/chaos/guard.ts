import type { Topology } from '../config/topology.ts';
import type { ChaosGuard } from '../config/topology-chaos.ts';
import type { RunningExperiment } from './experiment.ts';

/** How well a service does, with the faults in it: what its clients get. */
export type Welfare = {
  /** Multiples of the rate at which its error budget may burn, over the guard's window. */
  readonly burnRate: number;
  /** Bad answers in that window. */
  readonly errors: number;
  /** Mean health of its endpoints, 0 to 1. */
  readonly health: number;
};

export type GuardStop = { readonly experiment: string; readonly detail: string };

/**
 * Which running experiments must stop, and why. An experiment answers for every service that its scope reaches: when one
 * of them burns its budget too fast or is unwell, it stops, whether or not it is the cause. An experiment is never worth
 * finding out first.
 */
export function guardStops(
  running: readonly RunningExperiment[],
  topology: Topology,
  welfareOf: (service: string) => Welfare,
): readonly GuardStop[] {
  const { guard } = topology.chaos;
  return running.flatMap(({ experiment }): GuardStop[] => {
    const { scope, name } = experiment;
    const reached = topology.services.filter(
      (service) => scope.service === undefined || scope.service === service.name,
    );
    for (const service of reached) {
      const detail = complaint(guard, service.name, welfareOf(service.name));
      if (detail !== undefined) return [{ experiment: name, detail }];
    }
    return [];
  });
}

function complaint(guard: ChaosGuard, service: string, { burnRate, errors, health }: Welfare): string | undefined {
  if (errors >= guard.errors && burnRate > guard.burnRate) {
    const times = burnRate.toFixed(1);
    return `${service} burns its error budget ${times} times as fast as it may, over ${guard.burnRate}`;
  }
  if (health >= guard.healthFloor) return undefined;
  return `the mean health of ${service} is ${health.toFixed(2)}, under ${guard.healthFloor}`;
}
