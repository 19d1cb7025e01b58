import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLOUDS, type OriginPorts } from './edges-stage.ts';

type Cloud = (typeof CLOUDS)[number];

/** Origins of the three clouds, in this process, that note when a client's request came to them, and by which edge. */
export class Witness {
  readonly ports: OriginPorts;
  readonly #servers: readonly Server[];
  readonly #counts = new Map<string, number>();
  readonly #lastMs = new Map<string, number>();

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
    this.ports = servers.map((server) => (server.address() as AddressInfo).port) as unknown as OriginPorts;
    for (const [at, server] of servers.entries()) this.#watch(CLOUDS[at] as Cloud, server);
  }

  static async start(): Promise<Witness> {
    const servers = CLOUDS.map(() => createServer({ keepAliveTimeout: 65_000 }));
    await Promise.all(
      servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))),
    );
    return new Witness(servers);
  }

  /** Requests so far that came to a cloud by an edge. */
  count(cloud: Cloud, edge: string): number {
    return this.#counts.get(`${cloud} ${edge}`) ?? 0;
  }

  /** When the last of them came, by `performance.now()`; -Infinity before the first. */
  lastMs(cloud: Cloud, edge: string): number {
    return this.#lastMs.get(`${cloud} ${edge}`) ?? Number.NEGATIVE_INFINITY;
  }

  async end(): Promise<void> {
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #watch(cloud: Cloud, server: Server): void {
    server.on('request', ({ url, headers }, response) => {
      // Health checks go on where nothing is sent any more.
      if (url === '/') {
        const key = `${cloud} ${/ meridian-([^ ,]+)$/.exec(headers.via ?? '')?.[1] ?? 'nobody'}`;
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
        this.#lastMs.set(key, performance.now());
      }
      response.end(cloud);
    });
  }
}
