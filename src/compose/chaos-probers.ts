import { inScope, isHit, type RunningExperiment } from '../chaos/experiment.ts';
import { endpointsOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
import type { ChaosFault } from '../config/topology-chaos.ts';
import type { CheckResult, CheckTarget, OpenProber } from '../health/check.ts';
import type { Clock, Random } from '../table/clock.ts';
import type { Sleep } from '../table/loop.ts';

export type ChaosProbersDeps = {
  readonly running: () => readonly RunningExperiment[];
  readonly topology: () => Topology;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
};

/**
 * Health checks that experiments touch if they say so (`health_checks: true`), and only then. A check is drawn like a request, but
 * has no priority, so an experiment for one priority leaves it alone.
 */
export function chaosProbers(open: OpenProber, deps: ChaosProbersDeps): OpenProber {
  return (target) => {
    const prober = open(target);
    return {
      close: () => prober.close(),
      check: async (addresses, anew) => {
        const faults = faultsOf(target, deps);
        if (faults.length === 0) return prober.check(addresses, anew);
        const delayMs = faults.reduce((sum, fault) => sum + (fault.kind === 'latency' ? fault.delayMs : 0), 0);
        await deps.sleep(Math.min(delayMs, target.timeoutMs), deps.signal);
        if (delayMs >= target.timeoutMs) return failed('no answer in time, by an experiment');
        if (faults.some(({ kind }) => kind === 'failure')) return failed('failed by an experiment');
        const result = await prober.check(addresses, anew);
        return result.latencyMs === undefined ? result : { ...result, latencyMs: result.latencyMs + delayMs };
      },
    };
  };
}

/** A body that is cut short makes no difference to a check, so a partial fault has none. */
function faultsOf({ url }: CheckTarget, deps: ChaosProbersDeps): readonly ChaosFault[] {
  const asking = deps.running().filter(({ experiment }) => experiment.healthChecks);
  if (asking.length === 0) return [];
  const at = `${url.protocol} ${url.host} ${url.port}`;
  const endpoints = endpointsOf(deps.topology());
  const checked = endpoints.filter(
    (endpoint) => at === `${endpoint.url.protocol} ${endpoint.url.host} ${endpoint.url.port}`,
  );
  const draw = deps.random();
  const nowMs = deps.clock.nowMs();
  return asking.flatMap(({ experiment: { name, fault, scope, radius }, untilMs }) => {
    const reached = scope.priority === undefined && checked.some((one) => inScope(scope, tried(one)));
    return nowMs < untilMs && reached && isHit(draw, name, radius) ? [fault] : [];
  });
}

function tried(endpoint: Endpoint) {
  return { ...endpoint, priority: '' };
}

function failed(error: string): CheckResult {
  return { reachable: false, latencyMs: undefined, connectMs: undefined, status: undefined, error };
}
