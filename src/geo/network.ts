import type { Factors } from './factors.ts';
import { KM_PER_ROUND_TRIP_MS } from './great-circle.ts';
import { HUBS } from './hubs.ts';
import { LINKS } from './links.ts';
import type { Site } from './site.ts';
import { siteKm } from './site.ts';
import { SUBREGIONS } from './subregions.ts';

/** Which way a round trip takes: straight, or through the hub at rank `from` of one site and rank `to` of the other. */
export type Route = {
  readonly pathMs: number;
  readonly hubs: { readonly from: number; readonly to: number } | undefined;
};

/** Places nearer to each other than this may be joined without a detour through a hub. */
const DIRECT_KM_MAX = 1500;
/** Neighbours share a building or a city network: their fixed cost shrinks by this share, which fades over this distance. */
const NEARBY = { share: 0.8, km: 150 } as const;

/**
 * The hubs, the links between them and what was fitted of both. A round trip costs the shortest path over the links,
 * times the factor of the two subregions, plus what each end's access costs: Dijkstra's idea, not the internet's, whose
 * detours are what the factors are for. The shortest paths between all hubs are found once, at construction (Floyd and
 * Warshall, some 10 ms).
 */
export class Network {
  readonly #factors: Factors;
  /** Milliseconds from hub to hub, and the link that a shortest way begins with: squares, row by row. */
  readonly #ms: Float64Array;
  readonly #firstLink: Int16Array;

  constructor(factors: Factors) {
    this.#factors = factors;
    this.#ms = new Float64Array(HUBS.length ** 2).fill(Number.POSITIVE_INFINITY);
    this.#firstLink = new Int16Array(HUBS.length ** 2).fill(-1);
    this.#layLinks();
    for (let via = 0; via < HUBS.length; via += 1) this.#shortenThrough(via);
  }

  /** Milliseconds of a round trip; symmetric, and never faster than light in fibre along the great circle. */
  rttMs(a: Site, b: Site): number {
    const km = siteKm(a, b);
    const factor = this.#factors.pairFactor[a.subregion * SUBREGIONS.length + b.subregion] ?? 1;
    const ms = this.endsMs(a, b) * nearbyShare(km) + this.route(a, b, km).pathMs * factor;
    return Math.max(ms, km / KM_PER_ROUND_TRIP_MS);
  }

  /** What the two ends cost, before the discount for neighbours. */
  endsMs(a: Site, b: Site): number {
    const { baseMs, accessMs } = this.#factors;
    return baseMs + ((accessMs[a.hubs[0] ?? 0] ?? 0) + (accessMs[b.hubs[0] ?? 0] ?? 0));
  }

  route(a: Site, b: Site, km: number): Route {
    const { direct, legInflation } = this.#factors;
    const [legA, legB] = [legInflation[a.subregion] ?? 1, legInflation[b.subregion] ?? 1];
    let pathMs = Number.POSITIVE_INFINITY;
    let hubs: Route['hubs'];
    if (km <= DIRECT_KM_MAX) pathMs = (km / KM_PER_ROUND_TRIP_MS) * direct * Math.sqrt(legA * legB);
    for (let from = 0; from < a.hubs.length; from += 1) {
      const row = (a.hubs[from] ?? 0) * HUBS.length;
      const headMs = ((a.hubKm[from] ?? 0) / KM_PER_ROUND_TRIP_MS) * legA;
      for (let to = 0; to < b.hubs.length; to += 1) {
        const tailMs = ((b.hubKm[to] ?? 0) / KM_PER_ROUND_TRIP_MS) * legB;
        const ms = headMs + tailMs + (this.#ms[row + (b.hubs[to] ?? 0)] ?? 0);
        if (ms < pathMs) [pathMs, hubs] = [ms, { from, to }];
      }
    }
    return { pathMs, hubs };
  }

  /** The links of the shortest way between two hubs, as places in `LINKS`. */
  linksBetween(from: number, to: number): number[] {
    const links: number[] = [];
    for (let at = from; at !== to; ) {
      const link = this.#firstLink[at * HUBS.length + to] ?? -1;
      const { a, b } = LINKS[link] ?? { a: to, b: to };
      links.push(link);
      at = at === a ? b : a;
    }
    return links;
  }

  #layLinks(): void {
    for (let hub = 0; hub < HUBS.length; hub += 1) this.#ms[hub * HUBS.length + hub] = 0;
    for (const [index, { a, b, km }] of LINKS.entries()) {
      const ms = (km / KM_PER_ROUND_TRIP_MS) * (this.#factors.linkInflation[index] ?? 1);
      for (const cell of [a * HUBS.length + b, b * HUBS.length + a]) {
        this.#ms[cell] = ms;
        this.#firstLink[cell] = index;
      }
    }
  }

  #shortenThrough(via: number): void {
    const [ms, first, size] = [this.#ms, this.#firstLink, HUBS.length];
    for (let from = 0; from < size; from += 1) {
      const head = ms[from * size + via] ?? 0;
      for (let to = 0; to < from; to += 1) {
        const sum = head + (ms[via * size + to] ?? 0);
        if (sum >= (ms[from * size + to] ?? 0)) continue;
        // Both directions are set together, so that they are equal to the last bit.
        ms[from * size + to] = ms[to * size + from] = sum;
        first[from * size + to] = first[from * size + via] ?? -1;
        first[to * size + from] = first[to * size + via] ?? -1;
      }
    }
  }
}

/** The share of its fixed cost that a round trip of this length has. */
export function nearbyShare(km: number): number {
  return 1 - NEARBY.share * Math.exp(-km / NEARBY.km);
}
