import type { Topology } from '../config/topology.ts';
import { type Family, NONE } from './family.ts';

/** How far a copy of the fleet's state is behind: Infinity when it never had one. */
export type ReplicationLag = { readonly source: string; readonly target: string; readonly seconds: number };

/** Pairs of regions whose lag is shown; a fleet has no more edges than would give these. */
export const LAGS_MAX = 4096;

export type EdgeFacts = {
  readonly topology: () => Topology;
  readonly version: string;
  readonly lags: () => readonly ReplicationLag[] | undefined;
};

/** Which edge this is, what it runs, and how far behind its fleet it is. */
export function edgeFamilies({ topology, version, lags }: EdgeFacts): readonly Family[] {
  return [
    {
      name: 'replication_lag_seconds',
      help: 'How far the state in the target region is behind that of the source region; infinite when it was never in step. An edge without a fleet is in step with itself.',
      type: 'gauge',
      samples: () =>
        (lags() ?? [alone(topology())]).slice(0, LAGS_MAX).map(({ source, target, seconds }) => ({
          labels: { source_region: source, target_region: target },
          value: seconds,
        })),
    },
    {
      name: 'meridian_build_info',
      help: 'Always 1; the labels say which Meridian runs on which Node.',
      type: 'gauge',
      samples: () => [{ labels: { version, node: process.versions.node }, value: 1 }],
    },
    {
      name: 'meridian_edge_info',
      help: 'Always 1; the labels say which edge this is and where it stands.',
      type: 'gauge',
      samples: () => {
        const { id, cloud, region } = topology().edge;
        return [{ labels: { id, cloud: cloud ?? NONE, region: region ?? NONE }, value: 1 }];
      },
    },
  ];
}

function alone(topology: Topology): ReplicationLag {
  const region = topology.edge.region ?? NONE;
  return { source: region, target: region, seconds: 0 };
}
