import type { Topology } from '../../../src/config/topology.ts';
import type { OpenProber } from '../../../src/health/check.ts';
import { HealthMonitor } from '../../../src/health/monitor.ts';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../../src/table/placement.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';
import { VirtualTime } from '../discovery/virtual-time.ts';

const LIMITS = { rows: 100, services: 4, workers: 1 };

/** A monitor in virtual time whose checks open no socket: each host answers after 20 ms, but for those that are `down`. */
export class MonitorStage {
  readonly time = new VirtualTime([0.5]);
  readonly table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  readonly monitor: HealthMonitor;
  /** One entry for each check. */
  readonly checks: { readonly host: string; readonly atMs: number }[] = [];
  readonly down = new Set<string>();
  /** Whose checks were counted. */
  readonly names = new Set<string>();
  /** How many probers were opened. */
  opened = 0;
  placement: Placement = NO_PLACEMENT;

  constructor() {
    const checked = (name: string) => this.names.add(name);
    this.monitor = new HealthMonitor({ ...this.time.deps, table: this.table, checked, openProber: this.#openProber });
    this.monitor.start();
  }

  load(topology: Topology): void {
    const next = place(topology, this.placement, NOT_BUSY, LIMITS);
    for (const row of next.freshRows) this.table.resetRow(row);
    this.placement = next.placement;
    this.monitor.update(topology, this.placement, { authorities: {}, clientPairs: {} });
  }

  /** When a host was checked, in ms. */
  atOf(host: string): readonly number[] {
    return this.checks.filter((check) => check.host === host).map(({ atMs }) => atMs);
  }

  readonly #openProber: OpenProber = ({ url: { host } }) => {
    this.opened += 1;
    const check = async () => {
      this.checks.push({ host, atMs: this.time.nowMs });
      const reachable = !this.down.has(host);
      const latencyMs = reachable ? 20 : undefined;
      return { reachable, latencyMs, connectMs: undefined, status: 200, error: reachable ? undefined : 'refused' };
    };
    return { check, close: () => {} };
  };
}
