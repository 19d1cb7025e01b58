import type { FleetStatus } from './fleet.ts';

/** An edge that vanished without saying that it ends. */
export type MissingEdge = {
  readonly id: string;
  readonly region: string;
  /** Whether all edges of its region are missing, and there were several. */
  readonly regionGone: boolean;
};

/** How long an edge is missed; after that it is taken for one that does not come back. */
export const MISSED_MS = 3_600_000;
/** Edges that are watched at a time. */
export const WATCHED_MAX = 4096;
/** An edge is missed if it was heard for this many times `forget`: what is left in the stores of one long gone is heard once. */
const ESTABLISHED_FORGETS = 3;

type Watched = { readonly region: string; readonly firstMs: number; lastMs: number; goneMs: number | undefined };

/**
 * Which edges are missing: those that were heard for a while, are heard no more, and have not said that they end. An edge
 * that can use no store hears nobody, and says nothing about anybody; nor for a while after.
 */
export class EdgeWatch {
  readonly #forgetMs: number;
  readonly #ownRegion: string;
  readonly #watched = new Map<string, Watched>();
  #blindMs = Number.NEGATIVE_INFINITY;

  /** `ownRegion` has an edge that is there: this one. */
  constructor(forgetMs: number, ownRegion: string) {
    this.#forgetMs = forgetMs;
    this.#ownRegion = ownRegion;
  }

  /** One look at what the fleet says. */
  look({ edge, edges, left, regions }: Pick<FleetStatus, 'edge' | 'edges' | 'left' | 'regions'>, nowMs: number): void {
    if (!regions.some(({ writable }) => writable)) this.#blindMs = nowMs;
    const sees = nowMs - this.#blindMs > ESTABLISHED_FORGETS * this.#forgetMs;
    const there = new Set(edges.map(({ id }) => id));
    for (const { id, region, heardMsAgo } of edges) {
      if (id !== edge) this.#heard(id, region, nowMs - heardMsAgo);
    }
    for (const id of left) this.#watched.delete(id);
    for (const [id, it] of this.#watched) {
      if (there.has(id)) continue;
      const isEstablished = it.lastMs - it.firstMs >= ESTABLISHED_FORGETS * this.#forgetMs;
      if (sees && isEstablished) it.goneMs ??= nowMs;
      const isOver = it.goneMs !== undefined && nowMs - it.goneMs >= MISSED_MS;
      if (isOver || (sees && !isEstablished)) this.#watched.delete(id);
    }
  }

  missing(): readonly MissingEdge[] {
    const byRegion = Map.groupBy(this.#watched, ([, { region }]) => region);
    return [...byRegion].flatMap(([region, its]) => {
      const gone = its.filter(([, { goneMs }]) => goneMs !== undefined);
      const regionGone = gone.length > 1 && gone.length === its.length && region !== this.#ownRegion;
      return gone.map(([id]) => ({ id, region, regionGone }));
    });
  }

  #heard(id: string, region: string, atMs: number): void {
    const known = this.#watched.get(id);
    if (known === undefined && this.#watched.size >= WATCHED_MAX) return;
    const firstMs = known?.region === region ? known.firstMs : atMs;
    this.#watched.set(id, { region, firstMs, lastMs: atMs, goneMs: undefined });
  }
}
