import { endpointsOf } from '../config/owners.ts';
import { isCutOff } from '../fleet/quorum.ts';
import { BUILTIN } from '../geo/database-file.ts';
import { type AlertFacts, tableFacts, type Words } from '../observe/alert-facts.ts';
import { alertFamilies } from '../observe/alert-families.ts';
import { readMemory, writeMemory } from '../observe/alert-memory.ts';
import { AlertMonitor } from '../observe/alert-monitor.ts';
import { AlertSinks } from '../observe/alert-sinks.ts';
import { sloFamilies } from '../observe/slo-families.ts';
import { SloKeeper } from '../observe/slo-keeper.ts';
import type { Event } from '../table/event.ts';
import { runLoop } from '../table/loop.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { AlertDuty } from './alert-duty.ts';
import { certificatesLeft } from './certificate-ends.ts';
import type { Control } from './control.ts';
import { conditionOf, type EndpointCondition, type ReportOf } from './endpoint-condition.ts';
import type { FleetWork } from './fleet.ts';

/** How often the edge threads' counts are taken into the rings of minutes. */
export const COLLECT_MS = 5000;
/** How long it is shown that a guard has stopped an experiment. */
const GUARD_SHOWN_MS = 10 * 60_000;

/** Alerts and objectives of a running Meridian. */
export type Alerting = {
  /** Takes in what another process left, then looks at everything again and again. */
  readonly start: () => Promise<void>;
  /** Puts the topology that is in force now into force here too. */
  readonly update: () => void;
  /** Ends the loops and deliveries, and writes down what is to outlast the process. */
  readonly close: () => Promise<void>;
  /** For the admin API. */
  readonly alerts: () => unknown;
  readonly slo: () => unknown;
};

/** What alerts have to do with other edges. */
export type AlertingFleet = Pick<FleetWork, 'view' | 'watch'> & {
  readonly fleet: Pick<FleetWork['fleet'], 'claim' | 'status'>;
};

/**
 * Wires alerts and objectives to what the control thread knows, and to what the fleet says of endpoints that are down from
 * here. Nothing happens until `start`.
 */
export function createAlerting(control: Control, { fleet, view, watch }: AlertingFleet, reportOf: ReportOf): Alerting {
  const { current, loops, rows, table, blocks, metrics } = control;
  const keeper = new SloKeeper(blocks, loops.clock.nowMs);
  const edge = current.topology.edge.lastingId;
  const { sinks, duty, together, holderOf } = whoTells(control, fleet);
  const words = wordsOf(control, view, reportOf);
  let reloadFailed = false;
  // The one that comes with the program is as old as the program: who named none has nothing to replace.
  const geoNamed = current.topology.geoDatabase !== BUILTIN;
  const facts = (): AlertFacts => {
    keeper.collect();
    return {
      ...tableFacts(current.topology, rows.placement, table, words),
      missingEdges: watch.missing(),
      reloadFailed,
      geoAgeMs: geoNamed ? wallClockMs() - current.geo.builtAtMs : 0,
      ...certificatesOf(control),
      slo: keeper.reports(),
    };
  };
  const settings = () => current.topology.alerts;
  const times = { nowMs: loops.clock.nowMs, wallMs: wallClockMs };
  const monitor = new AlertMonitor({ ...times, emit: loops.emit, settings, facts, sinks: together ? duty : sinks });
  control.onEvent((event) => {
    if (event.type === 'reloaded' || event.type === 'reload-rejected') reloadFailed = event.type === 'reload-rejected';
    if (event.type === 'chaos-stopped' && event.reason === 'guard') raiseGuard(monitor, event);
  });
  metrics.add([...sloFamilies(keeper), ...alertFamilies(monitor.list.bind(monitor), sinks.status.bind(sinks))]);

  const update = () => {
    keeper.follow(current.topology, rows.placement);
    sinks.update(settings());
  };
  update();
  const memory = remembering(control, { monitor, sinks, keeper });
  let running: Promise<unknown> = Promise.resolve();
  return {
    start: async () => {
      await memory.restore();
      const look = async () => {
        monitor.look();
        await memory.save();
      };
      running = Promise.all([
        runLoop({ name: 'alerts', periodMs: () => settings().intervalMs, tick: look }, loops),
        runLoop({ name: 'slo', periodMs: () => COLLECT_MS, tick: async () => keeper.collect() }, loops),
      ]);
    },
    update,
    close: async () => {
      await running;
      await duty.settled();
      await sinks.close();
      keeper.collect();
      await memory.save().catch((error: unknown) => control.log.error(`the state of alerts is lost: ${String(error)}`));
    },
    alerts: () => alertsAnswer(monitor, sinks, { holderOf, conditionOf: conditionsOf(control, reportOf) }),
    slo: () => ({ edge, services: keeper.reports() }),
  };
}

function certificatesOf({ current, obtained }: Control): Pick<AlertFacts, 'certificates' | 'obtained'> {
  return { certificates: certificatesLeft(current.pem, wallClockMs()), obtained: obtained.facts() };
}

/** Why things are as they are, for those who are notified of them. */
function wordsOf({ notes }: Control, view: AlertingFleet['view'], reportOf: ReportOf): Words {
  return {
    isCutOff: (endpoint) => isCutOff(view.opinionsOf(endpoint)),
    reasonOf: (endpoint) => reportOf(endpoint)?.reason,
    breakerCauseOf: (service, cloud, region) => notes.breaker(service, cloud, region),
  };
}

/** How an endpoint of the topology in force is; undefined for another one. */
function conditionsOf(control: Control, reportOf: ReportOf): Asked['conditionOf'] {
  const endpoints = endpointsOf(control.current.topology);
  return (id) => {
    const endpoint = endpoints.find((one) => one.id === id);
    return endpoint && conditionOf(control, endpoint, { reportOf, nowMs: wallClockMs() });
  };
}

/** Sinks, and who of the fleet tells them; an edge that shares nothing tells them itself. */
function whoTells({ current, loops }: Control, fleet: AlertingFleet['fleet']) {
  const edge = current.topology.edge.lastingId;
  const settings = current.topology.fleet;
  // An edge whose store is its own has nobody to share with.
  const together = settings?.store === 'redis';
  const named = together ? { fleet: settings.prefix } : {};
  const sinks = new AlertSinks({ ...loops, edge, wallMs: wallClockMs, ...named });
  const duty = new AlertDuty({
    edge,
    claim: fleet.claim,
    edges: () => fleet.status().edges.map(({ id }) => id),
    sinks,
    intervalMs: () => current.topology.alerts.intervalMs,
    nowMs: loops.clock.nowMs,
  });
  return { sinks, duty, together, holderOf: (key: string) => (together ? duty.holderOf(key) : edge) };
}

type Remembered = { readonly monitor: AlertMonitor; readonly sinks: AlertSinks; readonly keeper: SloKeeper };

/** What outlasts a restart, if the file names a place for it. */
function remembering({ current, loops: { emit } }: Control, { monitor, sinks, keeper }: Remembered) {
  let restored = false;
  const file = () => current.topology.alerts.stateFile;
  return {
    restore: async () => {
      const path = file();
      try {
        const memory = path === undefined ? undefined : await readMemory(path);
        if (memory === undefined) return;
        monitor.restore(memory.alerts);
        sinks.restore(memory.queues);
        // A wall clock that was set back in the meantime must not bring counts from the future.
        keeper.restore(memory.slo, Math.max(0, wallClockMs() - memory.savedAtMs));
      } catch (error) {
        emit({ type: 'alert-state-rejected', file: path ?? '', error: (error as Error).message });
      } finally {
        restored = true;
      }
    },
    save: async () => {
      const path = file();
      // A process that ends before it has read the file has nothing better to put there.
      if (path === undefined || !restored) return;
      const [alerts, queues, slo] = [monitor.save(), sinks.queues(), keeper.save()];
      await writeMemory(path, { version: 1, savedAtMs: wallClockMs(), alerts, queues, slo });
    },
  };
}

function raiseGuard(monitor: AlertMonitor, event: Extract<Event, { type: 'chaos-stopped' }>): void {
  const { experiment, detail } = event;
  const summary = `the guard has stopped the experiment ${experiment}: ${detail}`;
  const labels = { experiment };
  const key = `chaos/${experiment}`;
  monitor.raise({ key, name: 'MeridianExperimentStopped', severity: 'warning', labels, summary }, GUARD_SHOWN_MS);
}

type Asked = {
  readonly holderOf: (key: string) => string;
  /** How the endpoint is that an alert is about, if it is about one. */
  readonly conditionOf: (endpoint: string | undefined) => EndpointCondition | undefined;
};

function alertsAnswer(monitor: AlertMonitor, sinks: AlertSinks, { holderOf, conditionOf: conditionFor }: Asked) {
  return {
    alerts: monitor.list().map((alert) => ({
      alert: alert.finding.name,
      state: alert.state,
      severity: alert.finding.severity,
      summary: alert.finding.summary,
      labels: alert.finding.labels,
      since: new Date(alert.startsAtMs).toISOString(),
      announced: alert.announced,
      told_by: holderOf(alert.finding.key),
      covered_by: monitor.coversOf(alert),
      endpoint: conditionFor(alert.finding.labels['endpoint']),
    })),
    sinks: sinks.status(),
  };
}
