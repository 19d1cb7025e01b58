import type { RunningExperiment } from '../../src/chaos/experiment.ts';
import type { ChaosExperiment, ChaosFault, ChaosScope } from '../../src/config/topology-chaos.ts';

export const EVERYWHERE: ChaosScope = {
  service: undefined,
  cloud: undefined,
  region: undefined,
  endpoint: undefined,
  priority: undefined,
};

/** An experiment that touches every request in its scope, unless the test says otherwise. */
export function experimentOf(
  name: string,
  fault: ChaosFault,
  more: Partial<Omit<ChaosExperiment, 'scope'>> & { readonly scope?: Partial<ChaosScope> } = {},
): ChaosExperiment {
  const scope = { ...EVERYWHERE, ...more.scope };
  return { name, fault, radius: 1, forMs: 60_000, autostart: false, healthChecks: false, ...more, scope };
}

/** The same, running from now on for a very long time. */
export function runningOf(...args: Parameters<typeof experimentOf>): RunningExperiment {
  return { experiment: experimentOf(...args), startedMs: 0, untilMs: Number.MAX_VALUE, by: 'api' };
}
