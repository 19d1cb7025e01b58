import { listed, readPem } from '../../src/compose/pem-files.ts';
import type { Topology } from '../../src/config/topology.ts';
import { createEdge, type Edge } from '../../src/edge/thread/edge.ts';
import type { CertificatePair } from '../../src/edge/upstream/secure-contexts.ts';
import { readDatabase } from '../../src/geo/database-file.ts';
import type { GeoDatabase } from '../../src/geo/maxmind.ts';
import type { AccessRecord } from '../../src/table/access-record.ts';
import type { AddressBook } from '../../src/table/addresses.ts';
import type { Clock } from '../../src/table/clock.ts';
import { EndpointTable, HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import type { Event } from '../../src/table/event.ts';
import type { FaultPlanner } from '../../src/table/fault-plan.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../src/table/placement.ts';
import { monotonicMs, systemClock } from '../../src/table/system-clock.ts';
import { type WorkerBlock, workerBlock, workerBlockBytes } from '../../src/table/worker-block.ts';
import { topologyOf } from './topology.ts';

/** An edge in this very thread, on a port of its own, over a table that the test can read and write. */
export type Rig = {
  /** That of the first listener, and those of all. */
  readonly port: number;
  readonly ports: readonly number[];
  readonly edge: Edge;
  readonly table: EndpointTable;
  readonly block: WorkerBlock;
  readonly topology: Topology;
  readonly placement: Placement;
  readonly records: AccessRecord[];
  readonly events: Event[];
  /** The row of the endpoint of this cloud (and region). */
  readonly row: (cloud: string, region?: string) => number;
};

export type BareRig = Rig & { readonly stop: () => Promise<void> };

export type RigOptions = {
  /** False: nobody has checked the endpoints yet. */
  readonly healthy?: boolean;
  readonly authorities?: Readonly<Record<string, string>>;
  readonly addresses?: AddressBook;
  /** What the first listener shows, where the file names no files. */
  readonly tls?: CertificatePair;
  readonly chaos?: FaultPlanner;
  /** Where it listens; 127.0.0.1 by default. */
  readonly host?: string;
  readonly geo?: GeoDatabase;
  /** What the edge takes for the time; the system's by default. */
  readonly clock?: Clock;
  /** True: `records` stays empty, since there would be too many. */
  readonly unrecorded?: boolean;
};

const LIMITS = { rows: 64, services: 8, workers: 1 };

/** Read once a file of tests: it has eight megabytes. */
const GEO = readDatabase('builtin');

/** As a file that names a certificate would have it. */
function offeringHttp2(topology: Topology): Topology {
  const listeners = topology.edge.listeners.map(
    (one) => ({ ...one, http2: one.http2 === 'off' ? 'tls' : one.http2 }) as const,
  );
  return { ...topology, edge: { ...topology.edge, listeners } };
}

/** Starts the edge of a YAML text; every endpoint is healthy unless it is said otherwise. Somebody has to `stop` it. */
export async function startBareRig(yaml: string, options: RigOptions = {}): Promise<BareRig> {
  const topology = options.tls === undefined ? topologyOf(yaml) : offeringHttp2(topologyOf(yaml));
  const table = EndpointTable.create(monotonicMs(), LIMITS, workerBlockBytes(LIMITS));
  const { placement } = place(topology, NO_PLACEMENT, NOT_BUSY, LIMITS);
  table.live.serving[0] = 1;
  if (options.healthy !== false) {
    for (const row of Object.values(placement.rows)) {
      table.live.health[row] = 1;
      table.live.state[row] = HEALTH_STATE.healthy;
    }
  }
  const { listeners, clientPairs } = (await readPem(topology)).pem;
  const listenerPem = { ...listeners };
  if (options.tls !== undefined) {
    const { cert, key } = options.tls;
    const [first] = topology.edge.listeners;
    listenerPem[first?.name ?? ''] = { certificates: [listed(cert, key)], clientCa: undefined };
  }
  const records: AccessRecord[] = [];
  const events: Event[] = [];
  const edge = await createEdge({
    shared: table.shared,
    worker: 0,
    deployment: {
      topology,
      placement,
      addresses: options.addresses ?? {},
      authorities: options.authorities ?? {},
      clientPairs,
      listenerPem,
      ticketKeys: undefined,
    },
    geo: options.geo ?? (await GEO).database,
    clock: options.clock ?? systemClock(table.shared.originMs),
    random: Math.random,
    emit: (event) => events.push(event),
    accessLog: options.unrecorded === true ? undefined : (record) => records.push(record),
    chaos: options.chaos,
  });
  const anywhere = topology.edge.listeners.map(() => ({ host: options.host ?? '127.0.0.1', port: 0 }));
  const ports = await edge.listener.listen(anywhere, false);
  return {
    stop: async () => {
      await edge.listener.cut();
      await edge.close();
    },
    port: ports[0] as number,
    ports,
    edge,
    table,
    block: workerBlock(table.shared, 0),
    topology,
    placement,
    records,
    events,
    row: (cloud, region) => {
      const found = topology.services
        .flatMap((service) => service.endpoints)
        .find((endpoint) => endpoint.cloud === cloud && (region === undefined || endpoint.region === region));
      if (found === undefined) throw new Error(`no endpoint ${cloud}/${region}`);
      return placement.rows[found.id] as number;
    },
  };
}
