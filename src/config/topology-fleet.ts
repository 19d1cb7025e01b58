import type { ValueSettings } from './topology-values.ts';

/**
 * What the YAML says about sharing state with other edges. Secrets (user names and passwords of the stores) are in the
 * URLs and nowhere else; they are never printed.
 */
export type FleetSettings = {
  /** `redis`: one server per region; `sqlite` and `memory` are for an edge that is alone. */
  readonly store: 'memory' | 'sqlite' | 'redis';
  /** The file of `sqlite`. */
  readonly path: string | undefined;
  /** The region whose store is this edge's primary; a key of `regions` with `redis`, else its own `cloud/region` or `local`. */
  readonly region: string;
  /** The store of each region, by region name; empty unless `redis`. */
  readonly regions: readonly FleetRegion[];
  /** Put before every key and channel, so that several fleets can share a server. */
  readonly prefix: string;
  /** A command to the primary is given up after this long. */
  readonly commandMs: number;
  /** A write to a replica region is given up after this long, and is caught up later. */
  readonly replicateMs: number;
  /** How often an edge tells what it sees (in flight, health). */
  readonly reportMs: number;
  /** What another edge said is forgotten this long after it was heard. */
  readonly forgetMs: number;
  /** How many edges there are, before this one has heard any. */
  readonly edges: number;
  /** How often regions are compared, so that nothing that failed to replicate stays missing. */
  readonly compareMs: number;
  readonly values: ValueSettings;
};

export type FleetRegion = {
  readonly name: string;
  /** `redis://` or `rediss://`, with user and password where the server wants them. */
  readonly url: string;
  /** PEM file of additional authorities for `rediss`. */
  readonly ca: string | undefined;
};
