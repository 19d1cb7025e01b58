import { cloudsAmong } from '../config/topology-cloud.ts';
import type { Finding } from './alert.ts';
import type { EndpointFacts } from './alert-facts.ts';

/** A cloud with one endpoint is that endpoint: there is nothing to group. */
export const CLOUD_ENDPOINTS_MIN = 2;

/**
 * Where this edge is cut off from: endpoints that are down from here while most edges see them up. One finding for a whole
 * cloud if it is all of it, else one for each region. It stands in for whatever says that those endpoints are down
 * or that their breakers are open.
 */
export function cutOffFindings(endpoints: readonly EndpointFacts[]): readonly Finding[] {
  return cloudsAmong(endpoints).flatMap((cloud): readonly Finding[] => {
    const there = endpoints.filter((endpoint) => endpoint.cloud === cloud && !endpoint.drained);
    const lost = there.filter(({ cutOff }) => cutOff);
    if (lost.length === 0) return [];
    if (lost.length === there.length && there.length >= CLOUD_ENDPOINTS_MIN) {
      return [finding(cloud, { cloud }, `all ${lost.length} endpoints there`)];
    }
    const byRegion = Map.groupBy(lost, ({ region }) => region);
    return [...byRegion].map(([region, its]) =>
      finding(`${cloud}/${region}`, { cloud, region }, its.map(({ id }) => id).join(', ')),
    );
  });
}

function finding(where: string, labels: Finding['labels'], what: string): Finding {
  return {
    key: `cut_off/${where}`,
    rule: 'cut_off',
    name: 'MeridianEdgeCutOff',
    severity: 'warning',
    labels,
    summary: `this edge is cut off from ${where}: it sees ${what} down, and most edges see the same up`,
    coveredBy: [],
  };
}
