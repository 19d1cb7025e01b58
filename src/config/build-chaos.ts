import type { Document } from './schema.ts';
import { CHAOS, CHAOS_EXPERIMENT, CHAOS_GUARD, CHAOS_SCOPE } from './schema-chaos.ts';
import type { ChaosExperiment, ChaosFault, ChaosSettings } from './topology-chaos.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<Document['chaos']>;
export type GivenExperiment = NonNullable<Given['experiments']>[string];

/** What a failure answers with unless it says. */
export const FAILURE_ANSWER = 503;

/** The `chaos` block with every default filled in. */
export function buildChaos(given: Document['chaos']): ChaosSettings {
  const { enabled, experiments, guard } = complete(CHAOS, given);
  const { burn_rate, window, errors, latency, health } = complete(CHAOS_GUARD, guard);
  return {
    enabled,
    guard: { burnRate: burn_rate, windowMs: window, errors, latencyMs: latency, healthFloor: health },
    experiments: Object.entries(experiments ?? {}).map(([name, one]) => buildExperiment(name, one)),
  };
}

/** One experiment. `rules-chaos.ts` has seen to it that the keys fit the kind. */
export function buildExperiment(name: string, given: GivenExperiment): ChaosExperiment {
  const all = complete(CHAOS_EXPERIMENT, given);
  const { service, cloud, region, endpoint, priority } = complete(CHAOS_SCOPE, all.scope);
  return {
    name,
    fault: faultOf(all),
    scope: { service, cloud, region, endpoint, priority },
    radius: all.radius,
    forMs: all.for,
    autostart: all.autostart,
    healthChecks: all.health_checks,
  };
}

function faultOf(all: ReturnType<typeof complete<typeof CHAOS_EXPERIMENT.shape>>): ChaosFault {
  switch (all.kind) {
    case 'latency':
      return { kind: 'latency', delayMs: all.delay ?? 0 };
    case 'failure':
      return { kind: 'failure', answer: all.answer ?? FAILURE_ANSWER, errorRate: all.error_rate ?? 1 };
    case 'partial':
      return { kind: 'partial', keep: all.keep ?? 0 };
    default:
      return all.kind satisfies never;
  }
}
