import type { ChaosOrders } from '../admin/ports.ts';
import type { ChaosRegistry } from '../chaos/registry.ts';
import { durationText } from '../config/duration.ts';
import { readStartOrder, readStopOrder } from '../config/read-experiment.ts';

/** What operators ask of the experiments, read and carried out. */
export function chaosOrders(registry: ChaosRegistry, nowMs: () => number): ChaosOrders {
  const list = () => listOf(registry, nowMs());
  return {
    list,
    start: (body) => {
      const order = readStartOrder(body);
      if ('problems' in order) return { error: 'the experiment is not good', status: 422, ...order };
      const defined = registry.settings.experiments;
      const experiment = order.experiment ?? defined.find(({ name }) => name === order.name);
      if (experiment === undefined) {
        const names = defined.map(({ name }) => name).join(', ') || 'none';
        const fix = `give its kind and radius too, or define it in the file; defined are: ${names}`;
        return { error: `there is no experiment ${order.name}`, status: 404, fix };
      }
      const by = order.experiment === undefined ? 'file' : 'api';
      const started = registry.start({ experiment, forMs: order.forMs ?? experiment.forMs, by });
      return 'error' in started ? { ...started, status: 409 } : list();
    },
    stop: (body) => {
      const order = readStopOrder(body);
      if ('problems' in order) return { error: 'that cannot be stopped', status: 422, ...order };
      const running = registry.running.map(({ experiment }) => experiment.name);
      const names = order.name === undefined ? running : [order.name];
      for (const name of names) {
        if (registry.stop(name, 'operator', 'asked for on the admin port')) continue;
        return { error: `${name} does not run`, status: 404, fix: `running are: ${running.join(', ') || 'none'}` };
      }
      return list();
    },
  };
}

function listOf({ settings, running, ended }: ChaosRegistry, nowMs: number): object {
  return {
    enabled: settings.enabled,
    guard: settings.guard,
    running: running.map(({ experiment, startedMs, untilMs, by }) => ({
      ...experiment,
      by,
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
