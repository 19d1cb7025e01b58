import type { Topology } from '../config/topology.ts';
import type { Deployment } from '../edge/thread/deployment.ts';
import { BUILTIN, type DatabaseFile } from '../geo/database-file.ts';
import type { GeoDatabase } from '../geo/maxmind.ts';
import type { ObtainedFact } from '../observe/acme-families.ts';
import { LogLimit } from '../observe/log-limit.ts';
import { createLog, type Log } from '../observe/pino.ts';
import { Metrics } from '../observe/prometheus.ts';
import type { AddressBook } from '../table/addresses.ts';
import type { Challenges } from '../table/challenges.ts';
import { EndpointTable, ROWS_MAX, SERVICES_MAX } from '../table/endpoint-table.ts';
import type { Event } from '../table/event.ts';
import type { LoopDeps } from '../table/loop.ts';
import { monotonicMs, sleepInStep, systemClock, systemRandom, wallClockMs } from '../table/system-clock.ts';
import { type WorkerBlock, workerBlock, workerBlockBytes } from '../table/worker-block.ts';
import type { PemTexts } from './pem-files.ts';
import { RowKeeper } from './row-keeper.ts';
import { StatusNotes } from './status-notes.ts';
import { TicketKeys } from './ticket-keys.ts';
import { ownVersion } from './version.ts';

/** What the control thread knows and shares: the table, what is in force now, and where events go. */
export type Control = {
  readonly table: EndpointTable;
  readonly blocks: readonly WorkerBlock[];
  readonly rows: RowKeeper;
  readonly metrics: Metrics;
  readonly log: Log;
  /** In force now. Only the control thread's own callbacks change it, each as one synchronous step. */
  readonly current: {
    /** What is in force: what the file says, with names expanded to their addresses. */
    topology: Topology;
    /** What the file says. */
    written: Topology;
    geo: GeoDatabase;
    addresses: AddressBook;
    pem: PemTexts;
    /** Those of authorities that are open; undefined while none is. */
    challenges: Challenges | undefined;
  };
  readonly notes: StatusNotes;
  readonly loops: LoopDeps;
  readonly ending: AbortController;
  readonly ticketKeys: TicketKeys;
  /** What the edge obtains from authorities by itself; nobody tells before there is such a thing. */
  readonly obtained: { facts: () => readonly ObtainedFact[] };
  readonly deployment: () => Deployment;
  readonly onEvent: (listener: (event: Event) => void) => void;
};

/** Loops whose failures are counted from the start, at 0. */
const LOOPS: readonly string[] = [
  'health',
  'traffic',
  'load',
  'discovery',
  'alerts',
  'slo',
  'chaos',
  'overrides',
  'values',
  'fleet',
  'upkeep',
  'acme',
];

/** Threads that may finish what they have while others serve in their place; the one that failed first makes room for a third. */
const SPARE_BLOCKS = 2;

/** Makes the table for `threads` edge threads, places the topology in it, and sets up metrics and log. */
export function createControl(topology: Topology, geo: DatabaseFile, at: { threads: number; pem: PemTexts }): Control {
  const limits = { rows: ROWS_MAX, services: SERVICES_MAX, workers: at.threads };
  const table = EndpointTable.create(monotonicMs(), limits, workerBlockBytes(limits), SPARE_BLOCKS);
  const blocks = table.shared.workers.map((_, worker) => workerBlock(table.shared, worker));
  const clock = systemClock(table.shared.originMs);
  for (const { loopLagMs } of blocks) loopLagMs[0] = Number.NaN;
  const ending = new AbortController();
  const ticketKeys = new TicketKeys(clock.nowMs());
  const log = createLog({ ...topology.log, thread: 'control' });
  const rows: RowKeeper = new RowKeeper(table, blocks, (row) => metrics.retire(row));
  const current = { topology, written: topology, geo: geo.database, addresses: {}, pem: at.pem, challenges: undefined };
  rows.place(topology, 0);
  const metrics = new Metrics({
    table,
    blocks,
    topology: () => current.topology,
    placement: () => rows.placement,
    version: ownVersion(),
    nowMs: () => clock.nowMs(),
    wallMs: wallClockMs,
    geoBuiltAtMs: geo.database.builtAtMs,
    geoBuiltin: topology.geoDatabase === BUILTIN,
    loops: LOOPS,
    controlLogDropped: () => log.dropped(),
  });
  const limited = new LogLimit(
    (event) => log.event(event),
    () => clock.nowMs(),
  );
  const notes = new StatusNotes(wallClockMs);
  const heard = (event: Event): void => {
    metrics.onEvent(event);
    notes.onEvent(event);
  };
  const listeners = new Set<(event: Event) => void>([limited.event, heard]);
  const emit = (event: Event): void => {
    for (const listener of listeners) listener(event);
  };
  return {
    table,
    blocks,
    rows,
    metrics,
    log,
    current,
    notes,
    loops: { clock, sleep: sleepInStep, random: systemRandom, emit, signal: ending.signal },
    ending,
    ticketKeys,
    obtained: { facts: () => [] },
    deployment: () => ({
      ...inForce(current),
      placement: rows.placement,
      ticketKeys: ticketKeys.current,
    }),
    onEvent: (listener) => void listeners.add(listener),
  };
}

function inForce({
  topology,
  addresses,
  pem,
  challenges,
}: Control['current']): Omit<Deployment, 'placement' | 'ticketKeys'> {
  const { listeners, authorities, clientPairs } = pem;
  return { topology, addresses, challenges, listenerPem: listeners, authorities, clientPairs };
}
