import type { Place } from '../config/topology.ts';
import { countryPoints, type WeightedPoint } from '../geo/country-points.ts';
import { estimateRttMs, expectedRttMs } from '../geo/estimate.ts';
import { clientRegionOf } from '../geo/subregions.ts';
import type { ServiceView } from '../routing/view.ts';
import { COUNTRY_CELLS, countryOf } from '../table/country-cells.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { WorkerBlock } from '../table/worker-block.ts';

/** Estimates are made anew after so long: by then requests come from elsewhere. */
const ESTIMATED_FOR_MS = 60_000;
/** A region is where its points with the most requests are. */
const POINTS_MAX = 8;

/** How far each endpoint of a service is: from this edge (region 0) as measured, from the other regions of clients as estimated. */
export class ClientRoundTrips {
  readonly #estimates = new Map<string, { readonly ms: Float64Array; readonly atMs: number; readonly of: object }>();
  #points: ReadonlyMap<number, readonly WeightedPoint[]> = new Map();
  #pointsAtMs = Number.NEGATIVE_INFINITY;

  /** In ms, with what is slow at the endpoint, by position in the service. */
  of(view: ServiceView, region: number, edge: Place, { live, blocks, nowMs }: Seen): Float64Array {
    const estimated = this.#estimated(view, region, edge, { live, blocks, nowMs });
    return estimated.map((ms, i) => {
      const row = view.rows[i] as number;
      const measured = region === 0 ? (live.rttMs[row] as number) : Number.NaN;
      return (Number.isNaN(measured) ? ms : measured) + (live.slowMs[row] as number);
    });
  }

  #estimated({ service }: ServiceView, region: number, edge: Place, { blocks, nowMs }: Seen): Float64Array {
    const key = `${service.name} ${region}`;
    const known = this.#estimates.get(key);
    if (known?.of === service && nowMs - known.atMs < ESTIMATED_FOR_MS) return known.ms;
    if (nowMs - this.#pointsAtMs >= ESTIMATED_FOR_MS) {
      this.#points = pointsOf(blocks);
      this.#pointsAtMs = nowMs;
    }
    const points = region === 0 ? undefined : this.#points.get(region);
    const byPlace = new Map<Place, number>();
    const ms = Float64Array.from(service.endpoints, ({ place }) => {
      const before = byPlace.get(place);
      if (before !== undefined) return before;
      const found = points === undefined ? estimateRttMs(edge, place) : expectedRttMs(points, place);
      byPlace.set(place, found);
      return found;
    });
    this.#estimates.set(key, { ms, atMs: nowMs, of: service });
    return ms;
  }
}

type Seen = { readonly live: LiveColumns; readonly blocks: readonly WorkerBlock[]; readonly nowMs: number };

/** The points of each region that requests have come from so far, with shares that sum to 1. */
function pointsOf(blocks: readonly WorkerBlock[]): ReadonlyMap<number, readonly WeightedPoint[]> {
  const found = new Map<number, WeightedPoint[]>();
  for (let cell = 0; cell < COUNTRY_CELLS; cell += 1) {
    let requests = 0;
    for (const { countries } of blocks) requests += countries[cell] as number;
    if (requests === 0) continue;
    for (const point of countryPoints(countryOf(cell)) ?? []) {
      const region = clientRegionOf([point]);
      const there = found.get(region) ?? [];
      there.push({ ...point, weight: point.weight * requests });
      found.set(region, there);
    }
  }
  return new Map([...found].map(([region, points]) => [region, heaviest(points)]));
}

function heaviest(points: readonly WeightedPoint[]): readonly WeightedPoint[] {
  const those = points.toSorted((a, b) => b.weight - a.weight).slice(0, POINTS_MAX);
  const sum = those.reduce((all, { weight }) => all + weight, 0);
  return those.map((point) => ({ ...point, weight: point.weight / sum }));
}
