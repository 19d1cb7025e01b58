import type { Finding } from './alert.ts';

export type MissingEdgeFact = { readonly id: string; readonly region: string; readonly regionGone: boolean };

/** Edges of the fleet that vanished without saying that they end: one finding each, and one for a region that has none left. */
export function missingEdgeFindings(missing: readonly MissingEdgeFact[]): readonly Finding[] {
  const regions = Map.groupBy(
    missing.filter(({ regionGone }) => regionGone),
    ({ region }) => region,
  );
  const ofRegions = [...regions].map(
    ([region, its]): Finding => ({
      ...SAME,
      key: keyOfRegion(region),
      severity: 'critical',
      labels: { region },
      summary: `all ${its.length} edges in ${region} have vanished from the fleet without saying that they end`,
      coveredBy: [],
    }),
  );
  const ofEdges = missing.map(
    ({ id, region, regionGone }): Finding => ({
      ...SAME,
      key: `edge_missing/${id}`,
      severity: 'warning',
      labels: { edge: id, region },
      summary: `the edge ${id} in ${region} has vanished from the fleet without saying that it ends`,
      coveredBy: regionGone ? [keyOfRegion(region)] : [],
    }),
  );
  return [...ofRegions, ...ofEdges];
}

const SAME = { rule: 'edge_missing', name: 'MeridianEdgeMissing' } as const;

/** No edge is called that: ids have no slash. */
function keyOfRegion(region: string): string {
  return `edge_missing/region/${region}`;
}
