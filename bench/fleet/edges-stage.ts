import { startEdge } from '../rig/edge.ts';
import { eventually } from '../rig/fleet.ts';
import { RedisServer } from '../rig/redis.ts';
import { Relay } from '../rig/relay.ts';

/** Where the origins of the three clouds are, in the order of `CLOUDS`. */
export type OriginPorts = readonly [aws: number, gcp: number, azure: number];

/** An edge that is a process of its own, started by its command line. */
export type WholeEdge = {
  readonly id: string;
  readonly pid: number;
  readonly port: number;
  /** Its ways to the stores of all regions, which can be broken. */
  readonly ways: readonly Relay[];
  /** Carries an order of an operator out. Throws when it is refused. */
  readonly order: (verb: 'drain' | 'undrain') => Promise<void>;
  readonly isInStep: () => Promise<boolean>;
};

export const CLOUDS = ['aws', 'gcp', 'azure'] as const;
const IDS = ['iad-1', 'bru-1', 'nrt-1'] as const;
const REGIONS = ['us-east-1', 'europe-west1', 'japaneast'] as const;
const START_MS_MAX = 20_000;

/** Whole edges, one a region, and a redis-server in each of the three regions. Whoever starts it ends it. */
export class EdgesStage {
  readonly servers: readonly RedisServer[];
  readonly edges: readonly WholeEdge[];
  readonly #ends: readonly (() => Promise<void>)[];

  private constructor(servers: readonly RedisServer[], edges: readonly WholeEdge[], ends: (() => Promise<void>)[]) {
    [this.servers, this.edges, this.#ends] = [servers, edges, ends];
  }

  /** @param cores the core of each edge, or nothing; there are as many edges as it has entries */
  static async start(origins: OriginPorts, cores: readonly (number | undefined)[]): Promise<EdgesStage> {
    const ends: (() => Promise<void>)[] = [];
    try {
      const servers: RedisServer[] = [];
      for (const _ of REGIONS) {
        const server = await RedisServer.start();
        ends.unshift(() => server.end());
        servers.push(server);
      }
      const edges: WholeEdge[] = [];
      for (const [at, core] of cores.entries()) {
        const ways = await Promise.all(servers.map(({ port }) => Relay.start(port)));
        for (const way of ways) ends.unshift(() => way.end());
        const edge = await startEdge(fileOf(at, ways, origins), core);
        ends.unshift(() => edge.end());
        edges.push(wholeEdge(IDS[at] as string, edge.child.pid as number, edge, ways));
      }
      for (const edge of edges) await becomesInStep(edge);
      return new EdgesStage(servers, edges, ends);
    } catch (error) {
      for (const end of ends) await end();
      throw error;
    }
  }

  async end(): Promise<void> {
    for (const end of this.#ends) await end();
  }
}

/** Resolves when the edge is connected to every store and owes none of them anything. */
export async function becomesInStep(edge: WholeEdge): Promise<void> {
  const startMs = performance.now();
  while (!(await edge.isInStep())) {
    if (performance.now() - startMs > START_MS_MAX) throw new Error(`${edge.id} is not in step with the stores`);
    await eventually('a moment', () => performance.now() - startMs > 0);
  }
}

function fileOf(at: number, ways: readonly Relay[], origins: OriginPorts): string {
  const stores = ways.map(({ url }, i) => `    ${REGIONS[i]}: { url: "${url}" }`);
  const endpoints = origins.map(
    (port, i) => `      - { cloud: ${CLOUDS[i]}, region: ${REGIONS[i]}, url: "http://127.0.0.1:${port}" }`,
  );
  return `version: 1
edge: { id: ${IDS[at]}, region: ${CLOUDS[at]}/${REGIONS[at]}, listen: "127.0.0.1:0", workers: 1, trust_proxies: [loopback] }
admin: { listen: "127.0.0.1:0" }
log: { access: false }
fleet:
  store: redis
  regions:
${stores.join('\n')}
services:
  shop:
    routing: { default_priority: latency, ramp: 0s, band: 0 }
    endpoints:
${endpoints.join('\n')}
`;
}

type Ports = { readonly port: number; readonly adminPort: number };

function wholeEdge(id: string, pid: number, { port, adminPort }: Ports, ways: readonly Relay[]): WholeEdge {
  const admin = `http://127.0.0.1:${adminPort}`;
  return {
    id,
    pid,
    port,
    ways,
    order: async (verb) => {
      const body = JSON.stringify({ cloud: 'gcp', region: 'europe-west1', reason: 'a measurement' });
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${admin}/${verb}`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`${id} refused to ${verb}: ${await answer.text()}`);
    },
    isInStep: async () => {
      const { regions } = (await (await fetch(`${admin}/fleet`)).json()) as {
        regions: readonly { connected: boolean; waiting: number; trouble: string }[];
      };
      return regions.every(({ connected, waiting, trouble }) => connected && waiting === 0 && trouble === '');
    },
  };
}
