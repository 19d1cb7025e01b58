import type { ChaosExperiment, ChaosFault, ChaosScope } from './topology-chaos.ts';

/**
 * An experiment as one would write it to start it: `readStartOrder` reads it back to the same. So other edges, of this version
 * or another, check what they are asked to run with the rules that they check their own files with.
 */
export function writtenExperiment(experiment: ChaosExperiment): Readonly<Record<string, unknown>> {
  const { name, fault, scope, radius, forMs, autostart, healthChecks } = experiment;
  return {
    name,
    kind: fault.kind,
    ...writtenFault(fault),
    radius,
    for: `${forMs}ms`,
    scope: writtenScope(scope),
    autostart,
    health_checks: healthChecks,
  };
}

function writtenFault(fault: ChaosFault): Readonly<Record<string, unknown>> {
  switch (fault.kind) {
    case 'latency':
      return { delay: `${fault.delayMs}ms` };
    case 'failure':
      return { answer: fault.answer, error_rate: fault.errorRate };
    case 'partial':
      return { keep: fault.keep };
    default:
      return fault satisfies never;
  }
}

function writtenScope(scope: ChaosScope): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(scope).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
