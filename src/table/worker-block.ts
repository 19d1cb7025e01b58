import { ORIGIN_CELLS } from './assigned-cells.ts';
import { type Columns, columnsBytes, layColumns } from './columns.ts';
import { COUNTRY_CELLS } from './country-cells.ts';
import { CLOUD_CELLS, type SharedTable, type TableLimits } from './endpoint-table.ts';
import { exemplarSpec } from './exemplars.ts';
import { DURATION_CELLS, SERVICE_CELLS } from './service-cells.ts';

/**
 * One edge thread's own counters, which only that thread writes and the control thread adds up at scrape. A count on
 * the request path is an addition to a cell: no label is hashed and no message sent.
 */
export type WorkerBlock = Columns<ReturnType<typeof blockSpec>>;

/** How one attempt of one request at one endpoint ended. */
export const OUTCOMES = [
  'success',
  'error-status',
  'connect-refused',
  'connect-timeout',
  'tls-failed',
  'unreachable',
  'first-byte-timeout',
  'reset',
  'idle-timeout',
  'bad-response',
  'stale-connection',
  'no-resources',
  'outpaced',
  'unanswered',
  'overloaded',
  'agreed',
  'abandoned',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Upper bounds in microseconds of the decision time histogram, which is sampled. */
export const DECISION_BOUNDS_US: readonly number[] = [0.5, 1, 2, 5, 10, 25, 50, 100, 250, 1000];
export const DECISION_CELLS = DECISION_BOUNDS_US.length + 1;

/** Counters of a thread as a whole, by position in the `totals` column. */
export const TOTALS = [
  'bad-request',
  'no-candidate',
  'loop',
  'unknown-priority',
  'retry-budget-exhausted',
  'body-broken',
  'upgrade',
  'unread-hand-over',
  'log-dropped',
  'stale-connection',
] as const;
export type Total = (typeof TOTALS)[number];

/** The versions of HTTP that clients speak, by position in the `versions` column. */
export const HTTP_VERSIONS = ['1.0', '1.1', '2.0'] as const;

/** What became of a service's requests, by position among its cells of the `sli` column; `excluded` took part in chaos. */
export const SLI = ['good', 'bad', 'aborted', 'excluded'] as const;
export type Sli = (typeof SLI)[number];

/** The row after the last: requests that reached no endpoint. */
export function unplacedRow(limits: TableLimits): number {
  return limits.rows;
}

/** The block of an edge thread, by its number. Throws when the table was made for fewer threads. */
export function workerBlock(shared: SharedTable, worker: number): WorkerBlock {
  const buffer = shared.workers[worker];
  if (buffer === undefined) throw new RangeError(`no block for worker ${worker}`);
  return layColumns(blockSpec(shared.limits), buffer);
}

/** Bytes that a block takes. */
export function workerBlockBytes(limits: TableLimits): number {
  return columnsBytes(blockSpec(limits));
}

function blockSpec(limits: TableLimits) {
  const rows = limits.rows + 1;
  return {
    /** Client requests that ended well or badly, by the endpoint that answered. */
    requestsSuccess: ['f64', rows],
    requestsError: ['f64', rows],
    /** `DURATION_CELLS` a row. */
    durations: ['f64', rows * DURATION_CELLS],
    durationSumMs: ['f64', rows],
    /** `OUTCOMES.length` a row. */
    outcomes: ['f64', rows * OUTCOMES.length],
    /** First-byte times of answers, for the latency average: their sum and their number. */
    firstByteSumMs: ['f64', rows],
    firstByteCount: ['f64', rows],
    /** Loads that endpoints have reported with their answers: their sum and their number. */
    loadSum: ['f64', rows],
    loadCount: ['f64', rows],
    /** Decayed requests per service and cloud, and when they were last decayed: the diversity window. `CLOUD_CELLS` a service slot. */
    recent: ['f64', limits.services * CLOUD_CELLS],
    recentAtMs: ['f64', limits.services],
    /** Requests of services with `select: optimal`, `ORIGIN_CELLS` a service slot. */
    demand: ['f64', limits.services * ORIGIN_CELLS],
    /** `SLI.length` a service slot. */
    sli: ['f64', limits.services * SLI.length],
    /** Bad ones among the `excluded` of a service slot: the budget does not count them, the guard of experiments does. */
    chaosBad: ['f64', limits.services],
    /** `SERVICE_CELLS` a service slot. */
    services: ['f64', limits.services * SERVICE_CELLS],
    countries: ['f64', COUNTRY_CELLS],
    ...exemplarSpec(limits.services),
    totals: ['f64', TOTALS.length],
    decisions: ['f64', DECISION_CELLS],
    decisionSumUs: ['f64', 1],
    /** Upgraded streams and client connections now open, TLS handshakes under way, and requests that have begun and not ended. */
    openStreams: ['f64', 1],
    connections: ['f64', 1],
    handshakes: ['f64', 1],
    requestsNow: ['f64', 1],
    /** `HTTP_VERSIONS.length`: requests that have begun, by what the client spoke. */
    versions: ['f64', HTTP_VERSIONS.length],
    /** Connections of HTTP/2 that are idle, those that are not, and the requests that are under way on them. */
    http2Now: ['f64', 3],
    /** 99th percentile of event-loop delay over the last second, in ms; NaN while no thread has the block. */
    loopLagMs: ['f64', 1],
    /** The median of the same. One long turn makes the lag of a second; a thread with more than it can do is late all the time. */
    loopLateMs: ['f64', 1],
    /** This thread's part of `inFlight`, so that it can be given back if the thread dies. */
    inFlight: ['i32', rows],
    /** The same of `limitHeld`. */
    limitHeld: ['i32', limits.services],
  } as const;
}
