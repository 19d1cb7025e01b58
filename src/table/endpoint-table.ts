import { CLOUDS_MAX } from '../config/topology-cloud.ts';
import { assignedSpec, NOT_ASSIGNED } from './assigned-cells.ts';
import { type Columns, columnsBytes, layColumns } from './columns.ts';
import { limitSpec } from './limit-cells.ts';

/**
 * What is happening, one row per endpoint, in memory that all threads share.
 *
 * Who writes what: the request path only `inFlight` and the breaker cells (atomically), and its own worker block. The
 * control thread's loops write the rest. Float64 cells are read and written whole: they are aligned, and every
 * platform that Node runs on with 64 bits moves an aligned double in one access.
 */
/** Twice what a configuration may have, so that a reload which replaces everything finds rows and slots that nobody uses. */
export const ROWS_MAX = 20_000;
export const SERVICES_MAX = 512;
export const WORKERS_MAX = 128;
/** The cells of clouds that each service has: twice as many as well, since those that a reload drops are still in use for a moment. */
export const CLOUD_CELLS = 2 * CLOUDS_MAX;
/** Flags that rules go by, in the life of a process: a reload gives no flag the cell that another one had. */
export const FLAGS_MAX = 4096;

/** What the checks and the traffic say of an endpoint. Unknown (at boot) is neither healthy nor down. */
export const HEALTH_STATE = { unknown: 0, healthy: 1, degraded: 2, unhealthy: 3 } as const;
export type HealthState = keyof typeof HEALTH_STATE;

/** The health score of an endpoint that nobody has checked yet: above the floor, below anything proven. */
export const HEALTH_UNKNOWN = 0.5;

/** An endpoint that is not on the ramp. */
export const NOT_RAMPING = -1;

/** The weight and the capacity of an endpoint about which no operator has said anything. */
export const WEIGHT_FULL = 1;
export const CAPACITY_AS_CONFIGURED = 0;

/** The witness cell of a cloud's breaker: nobody has failed, or more than one endpoint has. */
export const WITNESS_NONE = -1;
export const WITNESS_SEVERAL = -2;

export type TableLimits = { readonly rows: number; readonly services: number; readonly workers: number };

/** What a thread needs to lay the same table over the same memory. */
export type SharedTable = {
  readonly limits: TableLimits;
  readonly originMs: number;
  readonly main: SharedArrayBuffer;
  readonly workers: readonly SharedArrayBuffer[];
};

export type LiveColumns = Columns<ReturnType<typeof liveSpec>>;

/** The table as one thread sees it, over memory that all threads have. */
export class EndpointTable {
  readonly shared: SharedTable;
  readonly live: LiveColumns;

  constructor(shared: SharedTable) {
    this.shared = shared;
    this.live = layColumns(liveSpec(shared.limits), shared.main);
  }

  /**
   * A fresh table whose clock starts at `originMs` (see `monotonicMs`). `spares` are worker blocks above those of the threads, for
   * a thread that comes while the one that it replaces still has something to finish.
   */
  static create(originMs: number, limits: TableLimits, workerBlockBytes: number, spares = 0): EndpointTable {
    const main = new SharedArrayBuffer(columnsBytes(liveSpec(limits)));
    const workers = Array.from({ length: limits.workers + spares }, () => new SharedArrayBuffer(workerBlockBytes));
    const table = new EndpointTable({ limits, originMs, main, workers });
    for (let row = 0; row < limits.rows; row += 1) table.resetRow(row);
    table.live.cloudWitness.fill(WITNESS_NONE);
    table.live.assignedAtMs.fill(NOT_ASSIGNED);
    return table;
  }

  /** Makes a row as new: unknown health, closed breaker, nothing in flight. Only for rows that nobody uses. */
  resetRow(row: number): void {
    const { live } = this;
    live.health[row] = HEALTH_UNKNOWN;
    live.state[row] = HEALTH_STATE.unknown;
    live.latencyMs[row] = Number.NaN;
    live.errorRate[row] = 0;
    live.drained[row] = 0;
    live.checksGood[row] = 0;
    live.weight[row] = WEIGHT_FULL;
    live.capacity[row] = CAPACITY_AS_CONFIGURED;
    live.inFlightMean[row] = Number.NaN;
    live.rttMs[row] = Number.NaN;
    live.slowMs[row] = 0;
    live.reportedLoad[row] = 0;
    live.tooSlow[row] = 0;
    live.silent[row] = 0;
    live.atEndpoint[row] = 1;
    live.room[row] = 1;
    live.restUntilMs[row] = 0;
    live.refusedRun[row] = 0;
    live.capacityFit[row] = 1;
    live.fleetInFlight[row] = 0;
    live.assignedLoad[row] = 0;
    live.assignedPart[row] = 0;
    live.rampFromMs[row] = NOT_RAMPING;
    live.inFlightMax[row] = Number.POSITIVE_INFINITY;
    live.inFlight[row] = 0;
    live.breaker[row] = 0;
    live.breakerUntilMs[row] = 0;
  }
}

/** The index of a service's breaker for a cloud, by its number (see cloud-numbers.ts). */
export function cloudBreakerIndex(serviceSlot: number, cloud: number): number {
  return serviceSlot * CLOUD_CELLS + cloud;
}

/** The slot of the service that a cloud's breaker is of. */
export function slotOfCloudBreaker(index: number): number {
  return Math.floor(index / CLOUD_CELLS);
}

function liveSpec(limits: TableLimits) {
  const { rows, services } = limits;
  const clouds = services * CLOUD_CELLS;
  return {
    /** 0 to 1, the mean of the three checks. */
    health: ['f64', rows],
    /** Edge to endpoint, first byte, EWMA; NaN until measured. */
    latencyMs: ['f64', rows],
    /** The round trip from this edge, as health checks measure it; NaN until then. */
    rttMs: ['f64', rows],
    /** What requests take longer there than is usual for the service, beside the round trip; 0 when hardly anything. */
    slowMs: ['f64', rows],
    /** Share of a request's time that it is at the endpoint, and not on the way; 0 to 1. */
    atEndpoint: ['f64', rows],
    /** What its capacity is over the one that was declared, as far as waiting shows. */
    capacityFit: ['f64', rows],
    /** Share of requests that it has room for, as its own refusals say; 0 to 1. */
    room: ['f64', rows],
    /** Share of recent answers that failed, 0 to 1. */
    errorRate: ['f64', rows],
    /** When the endpoint came back, by the table's clock; `NOT_RAMPING` otherwise. */
    rampFromMs: ['f64', rows],
    /** When an open breaker may be probed, or when a half-open one gives its probes up for lost. */
    breakerUntilMs: ['f64', rows],
    cloudBreakerUntilMs: ['f64', clouds],
    /** Share of requests that an operator lets it have beside its equals, above 0 and up to 1. */
    weight: ['f64', rows],
    /** What an operator says it is built for, at least 1; `CAPACITY_AS_CONFIGURED` otherwise. */
    capacity: ['f64', rows],
    ...loadSpec(rows),
    /** Each cloud's share of a service's recent requests, `CLOUD_CELLS` a service slot: of all threads, and of the fleet. */
    cloudShare: ['f64', clouds],
    ...assignedSpec(limits),
    ...limitSpec(limits),
    /** How many it may have from this edge; infinite: any number. See resilience/learned-limit.ts. */
    inFlightMax: ['f64', rows],
    inFlight: ['i32', rows],
    /** Packed breaker state, see resilience/breaker-cells.ts. */
    breaker: ['i32', rows],
    cloudBreaker: ['i32', clouds],
    /** Which row failed in the current run of failures of a cloud. */
    cloudWitness: ['i32', clouds],
    /** A `HEALTH_STATE`. */
    state: ['u8', rows],
    /** 1: an operator took it out; never sent to, whatever else is down. */
    drained: ['u8', rows],
    /** 1: so much slower than is usual that anybody else is better. */
    tooSlow: ['u8', rows],
    /** 1: several requests wait for it, and it has not answered any for longer than it should take. See health/silence.ts. */
    silent: ['u8', rows],
    /** 1: its health checks pass, whatever its requests say. */
    checksGood: ['u8', rows],
    /** 1 for a service whose endpoints have not all been checked since it, or this edge, began. */
    starting: ['u8', services],
    /** 1 while this edge wants traffic: from when every edge thread listens until it is told to end. */
    serving: ['u8', 1],
    /** 1: a flag that rules of `match` go by is on. */
    flags: ['u8', FLAGS_MAX],
  } as const;
}

/** What is at an endpoint, on average. */
function loadSpec(rows: number) {
  return {
    /** In flight from this edge and at the endpoint, over the last ten seconds; NaN until measured. */
    inFlightMean: ['f64', rows],
    /** The same of all other edges together, as they last told. */
    fleetInFlight: ['f64', rows],
    /** What it reports of its own load: 1 is all that it can do; 0 where it reports nothing. */
    reportedLoad: ['f64', rows],
  } as const;
}
