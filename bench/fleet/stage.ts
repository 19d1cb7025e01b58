import type { Fleet } from '../../src/fleet/fleet.ts';
import { eventually, type OpenedFleet, type OpenOptions, openHere } from '../rig/fleet.ts';
import { type RedisOptions, RedisServer } from '../rig/redis.ts';
import { Relay } from '../rig/relay.ts';

/** An edge that reaches the server of each region on a way of its own. */
export type StagedEdge = OpenedFleet & {
  readonly name: string;
  readonly region: string;
  readonly ways: readonly Relay[];
};

/** Edges in this process and a real server per region. Whoever starts it ends it. */
export class FleetStage {
  readonly servers: readonly RedisServer[];
  readonly edges: StagedEdge[] = [];
  #ends = true;

  private constructor(servers: readonly RedisServer[]) {
    this.servers = servers;
  }

  /** Over servers that somebody else ends. */
  static over(servers: readonly RedisServer[]): FleetStage {
    const stage = new FleetStage(servers);
    stage.#ends = false;
    return stage;
  }

  static async start(regions: number, options: RedisOptions = {}): Promise<FleetStage> {
    const servers: RedisServer[] = [];
    for (let at = 0; at < regions; at += 1) servers.push(await RedisServer.start(options));
    return new FleetStage(servers);
  }

  /** Opens an edge in the region of that place; edges that are opened again get new ways. */
  async open(name: string, at: number, options: OpenOptions = {}): Promise<StagedEdge> {
    const ways = await Promise.all(this.servers.map(({ port }) => Relay.start(port)));
    const regions = ways.map(({ url }, index) => ({ name: nameOf(index), url, ca: undefined }));
    const region = nameOf(at);
    const edge = { ...(await openHere(name, { regions, region, ...options })), name, region, ways };
    this.edges.push(edge);
    await edge.fleet.start();
    return edge;
  }

  /** Ends an edge at once, as if its process had died. */
  async drop(edge: StagedEdge): Promise<void> {
    this.edges.splice(this.edges.indexOf(edge), 1);
    await Promise.all(edge.ways.map((way) => way.end()));
    await edge.close();
  }

  /** Waits until every edge is connected to every server. */
  async connected(): Promise<void> {
    await eventually('all are connected', () => this.edges.every(({ fleet }) => isConnected(fleet)), 20_000);
  }

  async end(): Promise<void> {
    for (const edge of this.edges.slice()) await this.drop(edge);
    if (this.#ends) for (const server of this.servers) await server.end();
  }
}

function nameOf(at: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + at);
}

function isConnected(fleet: Fleet): boolean {
  return fleet.status().regions.every(({ connected }) => connected);
}
