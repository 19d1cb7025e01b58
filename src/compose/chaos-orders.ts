import type { ChaosOrders, Refusal } from '../admin/ports.ts';
import type { ChaosRegistry } from '../chaos/registry.ts';
import { unknownCloud } from '../config/cloud-kind.ts';
import { durationText } from '../config/duration.ts';
import { readStartOrder, readStopOrder } from '../config/read-experiment.ts';
import type { Cloud } from '../config/topology-cloud.ts';
import type { ChaosFleet } from './chaos-fleet.ts';

export type ChaosOrdersDeps = {
  readonly registry: ChaosRegistry;
  readonly nowMs: () => number;
  /** Undefined: this edge is alone. */
  readonly fleet: Pick<ChaosFleet, 'share' | 'isShared' | 'stored'> | undefined;
  readonly clouds: () => readonly Cloud[];
};

/** What operators ask of the experiments, read and carried out. */
export function chaosOrders(deps: ChaosOrdersDeps): ChaosOrders {
  const list = () => listOf(deps);
  /** What runs now, and where it was ordered if it is for the whole fleet. */
  const carriedOut = async () => {
    const stored = await deps.fleet?.stored();
    return stored === undefined ? list() : { ...list(), stored };
  };
  return {
    list,
    start: async (body) => started(body, deps) ?? carriedOut(),
    stop: async (body) => stopped(body, deps) ?? carriedOut(),
  };
}

/** Starts what is asked for; a refusal when it cannot be. */
function started(body: unknown, { registry, fleet, clouds }: ChaosOrdersDeps): Refusal | undefined {
  const order = readStartOrder(body);
  if ('problems' in order) return { error: 'the experiment is not good', status: 422, ...order };
  const unknown = unknownCloud(order.experiment?.scope.cloud, clouds());
  if (unknown !== undefined) {
    return { error: 'the experiment is not good', status: 422, problems: [`scope.cloud ${unknown}`] };
  }
  const defined = registry.settings.experiments;
  const experiment = order.experiment ?? defined.find(({ name }) => name === order.name);
  if (experiment === undefined) {
    const names = defined.map(({ name }) => name).join(', ') || 'none';
    const fix = `give its kind and radius too, or define it in the file; defined are: ${names}`;
    return { error: `there is no experiment ${order.name}`, status: 404, fix };
  }
  if (order.fleet && fleet === undefined) {
    return { error: 'this edge has no fleet', status: 409, fix: 'add a fleet block to the file, or leave out "fleet"' };
  }
  const by = order.experiment === undefined ? 'file' : 'api';
  const forMs = order.forMs ?? experiment.forMs;
  const start = registry.start({ experiment, forMs, by: order.fleet ? 'fleet' : by });
  if ('error' in start) return { ...start, status: 409 };
  if (order.fleet) fleet?.share({ ...experiment, forMs }, forMs);
  return undefined;
}

function stopped(body: unknown, { registry }: ChaosOrdersDeps): Refusal | undefined {
  const order = readStopOrder(body);
  if ('problems' in order) return { error: 'that cannot be stopped', status: 422, ...order };
  const running = registry.running.map(({ experiment }) => experiment.name);
  const names = order.name === undefined ? running : [order.name];
  for (const name of names) {
    if (registry.stop(name, 'operator', 'asked for on the admin port')) continue;
    return { error: `${name} does not run`, status: 404, fix: `running are: ${running.join(', ') || 'none'}` };
  }
  return undefined;
}

function listOf({ registry, nowMs: now, fleet }: ChaosOrdersDeps): object {
  const { settings, running, ended } = registry;
  const nowMs = now();
  return {
    enabled: settings.enabled,
    guard: settings.guard,
    running: running.map(({ experiment, startedMs, untilMs, by }) => ({
      ...experiment,
      by,
      fleet: fleet?.isShared(experiment.name) ?? false,
      ranForMs: Math.round(nowMs - startedMs),
      leftMs: Math.max(0, Math.round(untilMs - nowMs)),
    })),
    defined: settings.experiments.map(({ name, fault, radius, forMs }) => ({
      name,
      kind: fault.kind,
      radius,
      for: durationText(forMs),
    })),
    ended,
  };
}
