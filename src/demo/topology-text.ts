import type { DemoRegion } from './regions.ts';
import { EDGE_REGION } from './regions.ts';

/** Where everything of the demo listens; all on loopback. */
export type DemoPorts = {
  readonly edge: number;
  readonly admin: number;
  /** Of the origins, by `cloud/region`. */
  readonly origins: Readonly<Record<string, number>>;
};

/**
 * What the demo sets differently from a plain edge, in words for people: so that what comes back is seen to come back
 * within a demo, not within minutes.
 */
export const DEMO_DIFFERENCES = 'health checks every 2s (default 10s), breakers open for 10s (60s), capacity 200';

/** Edge threads of the demo: enough to show that they share one table. */
export const EDGE_THREADS = 2;

/** The configuration of the demo's edge, as a file that one could have written. */
export function topologyText(regions: readonly DemoRegion[], ports: DemoPorts): string {
  const endpoints = regions.map(({ id, cloud, region }) => {
    return `      - { cloud: ${cloud}, region: ${region}, url: "http://127.0.0.1:${ports.origins[id]}", capacity: 200 }`;
  });
  return `# Written by "meridian demo". Change it while the demo runs: a good file is taken on at once.
version: 1
edge:
  id: demo
  region: ${EDGE_REGION.cloud}/${EDGE_REGION.region}
  listen: 127.0.0.1:${ports.edge}
  workers: ${EDGE_THREADS}
  # So that X-Forwarded-For can say where a client is.
  trust_proxies: [loopback]
  decision_headers: always
  drain: 1s
admin: { listen: "127.0.0.1:${ports.admin}" }
log: { level: silent, access: false }
# What the demo shows is where clients are: an edge that knows where it stands would go by what it measures itself.
routing: { latency_from: client }
health: { interval: 2s, timeout: 1s }
breakers: { open_for: 10s }
services:
  demo:
    endpoints:
${endpoints.join('\n')}
`;
}
