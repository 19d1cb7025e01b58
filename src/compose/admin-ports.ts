import type { AdminPorts, FleetOrders, Readiness, Refusal } from '../admin/ports.ts';
import { mayNamePlaces, printable } from '../config/redact.ts';
import type { Topology } from '../config/topology.ts';
import type { FleetStatus } from '../fleet/fleet.ts';
import { Paced } from '../observe/paced.ts';
import { HEALTH_STATE } from '../table/endpoint-table.ts';
import { wallClockMs } from '../table/system-clock.ts';
import type { Alerting } from './alerting.ts';
import type { Chaos } from './chaos.ts';
import { chaosOrders } from './chaos-orders.ts';
import type { Control } from './control.ts';
import type { EdgeThreads } from './edge-threads.ts';
import { conditionOf, type ReportOf } from './endpoint-condition.ts';
import { type Explained, explainRequest } from './explain-request.ts';
import type { FleetWork } from './fleet.ts';
import { fleetAnswer } from './fleet-answer.ts';
import { overrideOrders } from './override-orders.ts';
import type { Reloader } from './reloader.ts';
import type { Shutdown, ShutdownPhase } from './shutdown.ts';
import { statusOf } from './status.ts';
import { valueOrders } from './value-orders.ts';

export type AdminPortsDeps = {
  readonly control: Control;
  readonly threads: EdgeThreads;
  /** Edge threads that there should be. */
  readonly threadCount: number;
  readonly chaos: Pick<Chaos, 'registry' | 'fleet'>;
  readonly fleet: FleetWork;
  readonly reloader: Reloader;
  readonly shutdown: Shutdown;
  readonly alerting: Pick<Alerting, 'alerts' | 'slo'>;
  readonly reportOf: ReportOf;
};

/** What the admin API can see and do. */
export function adminPorts(deps: AdminPortsDeps): AdminPorts {
  const { control } = deps;
  const { current, rows, table, blocks, metrics, loops } = control;
  const scrapes = new Paced({
    work: (format: 'text' | 'openmetrics') => metrics.render(format),
    nowMs: loops.clock.nowMs,
    sleep: (ms) => loops.sleep(ms, loops.signal),
  });
  return {
    live: () => true,
    readiness: () => readiness(deps),
    metrics: (format) => scrapes.ask(format),
    explain: (query) => {
      const world = { topology: current.topology, placement: rows.placement, geo: current.geo, table, blocks };
      const explained = explainRequest({ ...world, nowMs: loops.clock.nowMs() }, query);
      if ('error' in explained) return { error: explained.error, status: 400 };
      return { ...explained, conditions: conditionsOf(deps, explained.decision.service) };
    },
    topology: () => printable(current.topology),
    status: () => statusOf(control, deps.fleet, deps.reportOf),
    alerts: () => deps.alerting.alerts(),
    slo: () => deps.alerting.slo(),
    chaos: chaosOrders({ ...deps.chaos, nowMs: loops.clock.nowMs, clouds: () => control.current.topology.clouds }),
    fleet: fleetOrders(deps),
    values: valueOrders({
      values: deps.fleet.values,
      shared: deps.fleet.shared,
      trouble: () => deps.fleet.fleet.status().regions.find(({ role }) => role === 'primary')?.trouble ?? '',
    }),
    purge: async (order) => {
      const refusal = purgeRefusal(current.topology, order.service);
      if (refusal !== undefined) return refusal;
      const report = await deps.threads.purge(order);
      const what = 'url' in order ? order.url : `${order.prefix}*`;
      loops.emit({ type: 'cache-purged', service: order.service, what, failed: report.failed.length });
      return report;
    },
    reload: () => deps.reloader.reload(),
  };
}

/** How the endpoints of a service are, and why, by their ids. */
function conditionsOf({ control, reportOf, fleet }: AdminPortsDeps, service: string): Explained['conditions'] {
  const { endpoints } = control.current.topology.services.find(({ name }) => name === service) ?? { endpoints: [] };
  const at = { reportOf, nowMs: wallClockMs(), isOn: (flag: string) => fleet.values.isOn(flag) };
  return Object.fromEntries(endpoints.map((endpoint) => [endpoint.id, conditionOf(control, endpoint, at)]));
}

function fleetOrders({ control: { current }, fleet: { fleet, shared, overrides, view } }: AdminPortsDeps): FleetOrders {
  const topology = () => current.topology;
  return {
    show: () => fleetAnswer({ status: fleet.status(), shared, inForce: overrides.inForce, view, topology: topology() }),
    order: overrideOrders({ topology, fleet, shared, overrides }),
  };
}

function purgeRefusal({ services }: Topology, name: string): Refusal | undefined {
  const service = services.find((one) => one.name === name);
  if (service?.degraded !== undefined) return undefined;
  const keepers = services.filter(({ degraded }) => degraded !== undefined).map((one) => one.name);
  const error = service === undefined ? `there is no service "${name}"` : `service "${name}" keeps no copies`;
  const fix =
    keepers.length === 0 ? 'no service has a degraded block' : `services that keep copies: ${keepers.join(', ')}`;
  return { error, status: 404, fix };
}

/**
 * Ready: not going down, and threads listen. What services and the fleet suffer is shown and no reason to take the edge
 * out: without its fleet it serves on with what it knows.
 */
function readiness({ control, threads, threadCount, shutdown, fleet }: AdminPortsDeps): Readiness {
  const { current, rows, table } = control;
  const checks = [
    { name: 'serving', ok: !shutdown.begun, detail: SERVING[shutdown.phase] },
    threadsCheck(threads, threadCount),
    ...current.topology.services.map((service) => {
      const up = service.endpoints.filter(({ id }) => {
        const row = rows.placement.rows[id] as number;
        return table.live.state[row] !== HEALTH_STATE.unhealthy && table.live.drained[row] === 0;
      });
      if (service.endpoints.length === 0) return { name: `service ${service.name}`, ok: true, detail: 'redirects' };
      const detail = `${up.length} of ${service.endpoints.length} endpoints may be sent to`;
      return { name: `service ${service.name}`, ok: true, detail: up.length === 0 ? `${detail}: panic` : detail };
    }),
    ...(fleet.shared ? [{ name: 'fleet', ok: true, detail: fleetDetail(fleet.fleet.status()) }] : []),
  ];
  return { ready: checks.every(({ ok }) => ok), checks };
}

const SERVING: Readonly<Record<ShutdownPhase, string>> = {
  serving: 'taking connections',
  'lame-duck': 'going down: taking connections until it drains',
  draining: 'draining',
  cutting: 'ending',
};

/** At the start all threads have to listen; later, one is enough for what comes while another is replaced. */
function threadsCheck({ listening, started, problems }: EdgeThreads, count: number): Readiness['checks'][number] {
  const detail = [`${listening} of ${count} edge threads listen`, ...problems].join('; ');
  return { name: 'threads', ok: started && listening > 0, detail };
}

function fleetDetail({ edges, regions }: FleetStatus): string {
  const heard = `${edges.length} edges heard`;
  // Anybody may read this, and what a library says of an error names addresses; the cause is in /fleet.
  const troubles = regions
    .filter(({ trouble }) => trouble !== '')
    .map(({ region, trouble }) => (mayNamePlaces(trouble) ? region : `${region} ${trouble}`));
  return troubles.length === 0 ? heard : `${heard}; trouble: ${troubles.join('; ')}`;
}
