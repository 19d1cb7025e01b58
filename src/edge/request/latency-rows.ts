import type { Place, Service } from '../../config/topology.ts';
import { expectedRttMs } from '../../geo/estimate.ts';
import type { Whereabouts } from '../../geo/locate.ts';
import { clientRegionOf } from '../../geo/subregions.ts';
import type { LatencyRow } from '../../routing/ask.ts';
import { latencyFactor } from '../../routing/factors.ts';
import type { LiveColumns } from '../../table/endpoint-table.ts';

/** Cells kept in all rows of one service together; a service with many endpoints remembers fewer places. */
export const CELLS_MAX = 2_000_000;
export const PLACES_MAX = 4096;

/** What is measured is read from the table at most this often. */
export const MEASURED_FOR_MS = 250;

/**
 * The distance of every endpoint of one service, row by row: from each place that clients were seen in, or from this
 * edge. A row is worked out once per place, so that a decision only reads it.
 */
export class LatencyRows {
  /** Equal text, equal rows: what another topology may keep them by. */
  readonly key: string;
  readonly #service: Service;
  readonly #edge: Place;
  readonly #byPlace = new Map<string, KnownPlace>();
  readonly #placesMax: number;
  /** Endpoints share regions: each distinct place is estimated once. */
  readonly #places: readonly Place[];
  readonly #placeOf: Uint16Array;
  #estimated: Float64Array | undefined;
  #measured: LatencyRow | undefined;
  #measuredAtMs = Number.NEGATIVE_INFINITY;
  /** How slow each endpoint is, beside the way, as last read; and how often that has changed. */
  readonly #slowMs: Float64Array;
  #slowReadMs = Number.NEGATIVE_INFINITY;
  #slowChanges = 0;

  constructor(service: Service, edge: Place) {
    this.key = latencyKey(service, edge);
    this.#service = service;
    this.#slowMs = new Float64Array(service.endpoints.length);
    this.#edge = edge;
    this.#placesMax = Math.max(16, Math.min(PLACES_MAX, Math.floor(CELLS_MAX / service.endpoints.length)));
    const keys = service.endpoints.map((endpoint) => `${endpoint.place.latitude},${endpoint.place.longitude}`);
    const distinct = [...new Set(keys)];
    this.#placeOf = Uint16Array.from(keys, (key) => distinct.indexOf(key));
    this.#places = distinct.map((key) => (service.endpoints[keys.indexOf(key)] as Service['endpoints'][number]).place);
  }

  /** How far each endpoint is for a request of this client, from where the service counts. */
  of(client: Whereabouts, at: Measured): LatencyRow {
    return this.#service.routing.latencyFrom === 'client' ? this.from(client, at) : this.measured(at);
  }

  /** How far each endpoint is from a client: the estimated round trip, and how slow the endpoint is beside that. */
  from(client: Whereabouts, { live, rows, nowMs }: Measured): LatencyRow {
    this.#readSlowness(live, rows, nowMs);
    let known = this.#byPlace.get(client.key);
    if (known === undefined) {
      const estimated = this.#row(this.#estimate(client.points), clientRegionOf(client.points));
      if (this.#byPlace.size >= this.#placesMax) this.#byPlace.delete(this.#byPlace.keys().next().value as string);
      known = { estimated, row: estimated, changes: 0 };
      this.#byPlace.set(client.key, known);
    }
    if (known.changes !== this.#slowChanges) {
      const { ms, region } = known.estimated;
      known.row = this.#row(
        ms.map((way, i) => way + (this.#slowMs[i] as number)),
        region,
      );
      known.changes = this.#slowChanges;
    }
    return known.row;
  }

  /** How far each endpoint is from this edge: as measured, and as estimated where nothing has been measured yet; and how slow it is. */
  measured({ live, rows, nowMs }: Measured): LatencyRow {
    if (this.#measured !== undefined && nowMs - this.#measuredAtMs < MEASURED_FOR_MS) return this.#measured;
    this.#estimated ??= this.#estimate([{ ...this.#edge, weight: 1 }]);
    const estimated = this.#estimated;
    const ms = Float64Array.from(rows, (row, i) => {
      const seen = live.rttMs[row] as number;
      return (Number.isNaN(seen) ? (estimated[i] as number) : seen) + (live.slowMs[row] as number);
    });
    this.#measured = this.#row(ms, 0);
    this.#measuredAtMs = nowMs;
    return this.#measured;
  }

  #readSlowness(live: LiveColumns, rows: Int32Array, nowMs: number): void {
    if (nowMs - this.#slowReadMs < MEASURED_FOR_MS) return;
    this.#slowReadMs = nowMs;
    let changed = false;
    for (let i = 0; i < rows.length; i += 1) {
      const slowMs = live.slowMs[rows[i] as number] as number;
      if (slowMs === this.#slowMs[i]) continue;
      this.#slowMs[i] = slowMs;
      changed = true;
    }
    if (changed) this.#slowChanges += 1;
  }

  #estimate(points: Whereabouts['points']): Float64Array {
    const perPlace = this.#places.map((place) => expectedRttMs(points, place));
    return Float64Array.from(this.#placeOf, (place) => perPlace[place] as number);
  }

  #row(ms: Float64Array, region: number): LatencyRow {
    const { curve } = this.#service.routing;
    return { ms, factors: ms.map((value) => latencyFactor(value, curve)), region };
  }
}

/** Where what is measured is read from. */
export type Measured = { readonly live: LiveColumns; readonly rows: Int32Array; readonly nowMs: number };

type KnownPlace = { readonly estimated: LatencyRow; row: LatencyRow; changes: number };

/** All that a row depends on besides the client's place. */
export function latencyKey({ endpoints, routing }: Service, edge: Place): string {
  return JSON.stringify([
    edge,
    routing.latencyFrom,
    routing.curve,
    endpoints.map(({ id, place }) => [id, place.latitude, place.longitude]),
  ]);
}
