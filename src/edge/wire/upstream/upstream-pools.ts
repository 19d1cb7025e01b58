import type { Endpoint, Service } from '../../../config/topology.ts';
import { type PoolDeps, UpstreamPool } from './upstream-pool.ts';

/** One pool per endpoint, made when it is first sent to. */
export class WirePools {
  readonly #deps: PoolDeps;
  readonly #pools = new Map<string, UpstreamPool>();
  #ways: ReadonlyMap<string, string>;

  constructor(deps: PoolDeps, ways: ReadonlyMap<string, string>) {
    this.#deps = deps;
    this.#ways = ways;
  }

  of(service: Service, endpoint: Endpoint): UpstreamPool {
    const known = this.#pools.get(endpoint.id);
    if (known !== undefined) return known;
    const pool = new UpstreamPool(this.#deps, service, endpoint);
    this.#pools.set(endpoint.id, pool);
    return pool;
  }

  /**
   * Lets go of pools whose endpoints are gone or are reached differently now: `ways` says for each endpoint that is left
   * how it is reached. What is in flight on a dropped pool finishes.
   */
  keepOnly(ways: ReadonlyMap<string, string>): void {
    for (const [id, pool] of this.#pools) {
      if (ways.has(id) && ways.get(id) === this.#ways.get(id)) continue;
      this.#pools.delete(id);
      pool.close();
    }
    this.#ways = ways;
  }

  destroy(): void {
    for (const pool of this.#pools.values()) pool.destroy();
    this.#pools.clear();
  }
}
