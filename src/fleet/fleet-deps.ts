import type { FleetSettings } from '../config/topology-fleet.ts';
import type { LoopDeps } from '../table/loop.ts';
import type { Merge } from './fleet.ts';

export type FleetDeps = LoopDeps & {
  readonly settings: FleetSettings;
  /** `edge.id`, by which other edges know this one; no two edges of a fleet may have the same. */
  readonly edge: string;
  /** Merges by the prefix of the keys that they are for; the longest that fits is used. */
  readonly merges: Readonly<Record<string, Merge>>;
  /** PEM texts of additional authorities for `rediss` by region name, as they were last read: a reload may change them. */
  readonly authorities: Readonly<Record<string, string>>;
  /** The wall clock. */
  readonly wallMs: () => number;
};
