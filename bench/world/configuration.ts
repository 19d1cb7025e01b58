import { parseTopology } from '../../src/config/load.ts';
import type { Topology } from '../../src/config/topology.ts';
import { type EdgeSite, STORE_NAMES, type WorldMap } from './map.ts';

/** How the product is set up in a world. */
export type Setting = {
  readonly fleet: boolean;
  /** `fleet.report`, in seconds. */
  readonly reportS: number;
  /** What the requests' header asks for; undefined for the file's default. */
  readonly priority: string | undefined;
  /** More blocks of the file as YAML text, for example `routing: { band: 0.02 }`. They come after the others. */
  readonly yaml: string;
  /** Threads of each edge. */
  readonly threads: number;
};

/** The file of an edge, as an operator would write it who is wrong about all capacities by a factor (1: right). */
export function topologyOf(map: WorldMap, edge: EdgeSite, wrong: number, setting: Setting): Topology {
  const endpoints = map.endpoints.map(({ cloud, region, capacity }, at) => {
    const declared = Math.max(1, Math.round(capacity * wrong));
    return `      - { cloud: ${cloud}, region: ${region}, url: "http://${hostOf(at)}:8080", capacity: ${declared} }`;
  });
  const stores = STORE_NAMES.map((name) => `${name}: { url: "redis://${name}.store:6379" }`);
  const fleet = `fleet: { store: redis, region: ${edge.store}, report: ${setting.reportS}s, forget: ${Math.max(5, 3 * setting.reportS)}s, regions: { ${stores.join(', ')} } }`;
  const text = `version: 1
edge: { id: ${edge.id}, region: ${edge.region}, workers: ${setting.threads} }
${setting.fleet ? fleet : ''}
services:
  shop:
    endpoints:
${endpoints.join('\n')}
${setting.yaml}
`;
  const parsed = parseTopology(text, { file: 'world.yaml', env: {}, readFile: () => '' });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.topology;
}

/** The address of an endpoint: its place in the map. */
export function hostOf(endpoint: number): string {
  return `10.0.0.${endpoint + 1}`;
}

export function endpointOf(host: string): number {
  return Number(host.slice(host.lastIndexOf('.') + 1)) - 1;
}
