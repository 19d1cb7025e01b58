import type { FleetSettings } from '../config/topology-fleet.ts';
import type { LoopDeps } from '../table/loop.ts';
import type { Fleet, Merge } from './fleet.ts';

export type FleetDeps = LoopDeps & {
  readonly settings: FleetSettings;
  /** This edge's id; no two edges of a fleet may have the same. */
  readonly edge: string;
  /** Merges by the prefix of the keys that they are for; the longest that fits is used. */
  readonly merges: Readonly<Record<string, Merge>>;
  /** PEM texts of additional authorities for `rediss`, by region name. */
  readonly authorities: Readonly<Record<string, string>>;
  /** The wall clock. */
  readonly wallMs: () => number;
};

/**
 * The fleet that the settings ask for. The client of its store is loaded only here: an edge without a fleet does not hold it.
 * Rejects when the file of `sqlite` cannot be used; otherwise never for what is outside.
 */
export async function openFleet(deps: FleetDeps): Promise<Fleet> {
  if (deps.settings.store === 'redis') return new (await import('./regional-fleet.ts')).RegionalFleet(deps);
  return new (await import('./single-fleet.ts')).SingleFleet(deps);
}
