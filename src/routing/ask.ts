import type { Weights } from '../config/topology.ts';
import { cloudBreakers, endpointBreakers } from '../resilience/admission.ts';
import type { BreakerCells } from '../resilience/breaker-cells.ts';
import { CLOUD_CELLS, type EndpointTable, type LiveColumns } from '../table/endpoint-table.ts';

/** What is happening, as a decision reads it. */
export type Live = {
  readonly columns: LiveColumns;
  readonly endpointCells: BreakerCells;
  readonly cloudCells: BreakerCells;
};

/** One request's question. Reused from request to request; `tried` is emptied and filled again. */
export type Ask = {
  weights: Weights;
  /** Round trip to each endpoint in ms, and its latency factor, by position in the service. */
  latency: LatencyRow;
  /** Each cloud's share of the service's recent requests, over all threads and edges, by its number. */
  shares: Float64Array;
  nowMs: number;
  /** A number in [0, 1) that decides ties. */
  draw: number;
  /** Endpoints that came back less than this long ago are not for this request; see `heldBackMs`. */
  heldBackMs: number;
  /** In [0, 1): endpoints whose weight is not above it go behind their equals, for this request. */
  share: number;
  /** The set of endpoints that a split has drawn for it; `NO_SET` where nothing is split. */
  set: number;
  /** What tells the client, as 32 bits, and the endpoint that it is to stay with; `NOT_STUCK` where nothing does. */
  stickyHash: number;
  stuckTo: number;
  /** How far the client's nearest endpoint is; and whether health is disregarded. Both are filled in by `select`, for services with a brake. */
  homeMs: number;
  disregards: boolean;
  /** Whether the request may be the one that finds out about a half-open breaker: only if it can go elsewhere after. */
  mayProbe: boolean;
  /** 0 for endpoints that fences keep from this client, by position in the service; undefined when none hold it. */
  allowed: Uint8Array | undefined;
  /** Which of the choices that fences leave to clients that is, as `fenceClasses` counts them; 0 when none hold it. */
  fenceClass: number;
  /** Endpoints that this request has been sent to. */
  tried: number[];
};

export type LatencyRow = {
  readonly ms: Float64Array;
  readonly factors: Float64Array;
  /** The region of clients that it is of, below `CLIENT_REGIONS`: 0 is this edge, the others are in the order of geo/subregions.ts. */
  readonly region: number;
};

/** Fills `shares` with those of service `slot` as they were last measured; all 0 until then. */
export function readShares({ cloudShare }: LiveColumns, slot: number, shares: Float64Array): void {
  const first = slot * CLOUD_CELLS;
  for (let cloud = 0; cloud < shares.length; cloud += 1) shares[cloud] = cloudShare[first + cloud] as number;
}

/** What decisions read of a table. */
export function liveOf(table: EndpointTable): Live {
  return { columns: table.live, endpointCells: endpointBreakers(table), cloudCells: cloudBreakers(table) };
}
