import { RecentMap } from '../../table/recent-map.ts';
import type { Becomes, ConnectHandler, UpstreamPool } from './pool.ts';
import type { Upstream } from './upstream.ts';

/** Clients whose connections to an endpoint are kept; those of whoever has asked for nothing for longest make way. */
export const CLIENTS_MAX = 1024;

/**
 * The connections to an endpoint that learns whose each of them is by a PROXY header: a pool for each address of a client. Requests of two
 * clients never share a connection, or the endpoint would take one for the other.
 */
export class ClientPools implements UpstreamPool {
  readonly #make: (address: string) => UpstreamPool;
  readonly #pools: RecentMap<string, UpstreamPool>;

  constructor(make: (address: string) => UpstreamPool, max = CLIENTS_MAX) {
    this.#make = make;
    this.#pools = new RecentMap(max);
  }

  forClient(address: string): UpstreamPool {
    const known = this.#pools.get(address);
    if (known !== undefined) return known;
    const made = this.#make(address);
    // What the other one has under way finishes; its connections are kept no longer.
    this.#pools.add(address, made)?.close();
    return made;
  }

  /** Nobody's: there is none. */
  take(): Upstream | undefined {
    return undefined;
  }

  connect(handler: ConnectHandler, becomes: Becomes): () => void {
    return this.forClient('').connect(handler, becomes);
  }

  drain(): void {
    for (const pool of this.#pools.values()) pool.drain();
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }

  destroy(): void {
    for (const pool of this.#pools.values()) pool.destroy();
    this.#pools.clear();
  }
}
