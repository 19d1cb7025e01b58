import type { Place, Service } from '../../config/topology.ts';
import { expectedRttMs } from '../../geo/estimate.ts';
import type { Whereabouts } from '../../geo/locate.ts';
import type { LatencyRow } from '../../routing/ask.ts';
import { latencyFactor } from '../../routing/factors.ts';
import type { LiveColumns } from '../../table/endpoint-table.ts';

/** Cells kept in all rows of one service together; a service with many endpoints remembers fewer places. */
export const CELLS_MAX = 2_000_000;
export const PLACES_MAX = 4096;

/** With `latency_from: edge` the measured row is copied from the table at most this often. */
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
  readonly #byPlace = new Map<string, LatencyRow>();
  readonly #placesMax: number;
  /** Endpoints share regions: each distinct place is estimated once. */
  readonly #places: readonly Place[];
  readonly #placeOf: Uint16Array;
  #measured: LatencyRow | undefined;
  #measuredAtMs = Number.NEGATIVE_INFINITY;

  constructor(service: Service, edge: Place) {
    this.key = latencyKey(service, edge);
    this.#service = service;
    this.#edge = edge;
    this.#placesMax = Math.max(16, Math.min(PLACES_MAX, Math.floor(CELLS_MAX / service.endpoints.length)));
    const keys = service.endpoints.map((endpoint) => `${endpoint.place.latitude},${endpoint.place.longitude}`);
    const distinct = [...new Set(keys)];
    this.#placeOf = Uint16Array.from(keys, (key) => distinct.indexOf(key));
    this.#places = distinct.map((key) => (service.endpoints[keys.indexOf(key)] as Service['endpoints'][number]).place);
  }

  /** How far each endpoint is from a client. */
  from(client: Whereabouts): LatencyRow {
    const known = this.#byPlace.get(client.key);
    if (known !== undefined) return known;
    const row = this.#estimate(client.points);
    if (this.#byPlace.size >= this.#placesMax) this.#byPlace.delete(this.#byPlace.keys().next().value as string);
    this.#byPlace.set(client.key, row);
    return row;
  }

  /** How far each endpoint is from this edge: as measured, and as estimated where nothing has been measured yet. */
  measured(live: LiveColumns, rows: Int32Array, nowMs: number): LatencyRow {
    if (this.#measured !== undefined && nowMs - this.#measuredAtMs < MEASURED_FOR_MS) return this.#measured;
    const estimated = this.#estimate([{ ...this.#edge, weight: 1 }]);
    const ms = Float64Array.from(rows, (row, i) => {
      const seen = live.latencyMs[row] as number;
      return Number.isNaN(seen) ? (estimated.ms[i] as number) : seen;
    });
    this.#measured = this.#row(ms);
    this.#measuredAtMs = nowMs;
    return this.#measured;
  }

  #estimate(points: Whereabouts['points']): LatencyRow {
    const perPlace = this.#places.map((place) => expectedRttMs(points, place));
    return this.#row(Float64Array.from(this.#placeOf, (place) => perPlace[place] as number));
  }

  #row(ms: Float64Array): LatencyRow {
    const { curve } = this.#service.routing;
    return { ms, factors: ms.map((value) => latencyFactor(value, curve)) };
  }
}

/** All that a row depends on besides the client's place. */
export function latencyKey({ endpoints, routing }: Service, edge: Place): string {
  return JSON.stringify([edge, routing.curve, endpoints.map(({ id, place }) => [id, place.latitude, place.longitude])]);
}
