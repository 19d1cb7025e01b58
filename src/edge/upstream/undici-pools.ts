import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import type { Endpoint, Service } from '../../config/topology.ts';
import type { Address } from '../../table/addresses.ts';
import { guardAnswers } from './answer-guard.ts';
import { RESPONSE_HEAD_BYTES_MAX } from './answer-limits.ts';
import type { Reach } from './reach.ts';

/** Addresses of one endpoint that one connection attempt goes through. */
export const ADDRESSES_TRIED_MAX = 3;
/** An idle connection is closed after this long, unless the endpoint's `Keep-Alive` says otherwise. */
export const IDLE_MS = 4000;

/** One keep-alive connection pool per endpoint, made when it is first sent to. */
export class UpstreamPools {
  readonly #deps: Reach;
  readonly #pools = new Map<string, Pool>();
  #ways: ReadonlyMap<string, string>;

  constructor(deps: Reach, ways: ReadonlyMap<string, string>) {
    this.#deps = deps;
    this.#ways = ways;
  }

  of(service: Service, endpoint: Endpoint): Dispatcher {
    const known = this.#pools.get(endpoint.id);
    if (known !== undefined) return known;
    const { host, port, protocol } = endpoint.url;
    const pool = new Pool(`${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`, {
      allowH2: false,
      pipelining: 1,
      // The guard has judged it before, as it came; what it writes anew may be a little longer.
      maxHeaderSize: 2 * RESPONSE_HEAD_BYTES_MAX,
      // The pipeline keeps the time for heads; bodies are timed per request.
      headersTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      connect: this.#connector(service, endpoint),
    });
    this.#pools.set(endpoint.id, pool);
    return pool;
  }

  /**
   * Lets go of pools whose endpoints are gone or are reached differently now: `ways` says for each endpoint that is left
   * how it is reached. What is in flight on a dropped pool finishes.
   */
  async keepOnly(ways: ReadonlyMap<string, string>): Promise<void> {
    const dropped = [...this.#pools].filter(([id]) => !ways.has(id) || ways.get(id) !== this.#ways.get(id));
    for (const [id] of dropped) this.#pools.delete(id);
    this.#ways = ways;
    await Promise.all(dropped.map(([, pool]) => pool.close()));
  }

  async destroy(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #connector(service: Service, endpoint: Endpoint): buildConnector.connector {
    const authorities = this.#deps.authorities(service.name);
    const connect = buildConnector({
      allowH2: false,
      timeout: service.timeouts.connectMs,
      rejectUnauthorized: true,
      ...(authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }),
    });
    const { host } = endpoint.url;
    const servername = service.tls.serverName ?? (isIP(host) === 0 ? host : '');
    let turn = 0;
    return (options, callback) => {
      const found = this.#deps.addresses(endpoint.id);
      const addresses = found === undefined || found.length === 0 ? [{ host, port: endpoint.url.port }] : found;
      const first = turn++;
      let tried = 0;
      tryNext();

      function tryNext(): void {
        const address = addresses[(first + tried) % addresses.length] as Address;
        tried += 1;
        const to = { ...options, hostname: address.host, port: String(address.port), servername, host: servername };
        connect(to, (error, socket) => {
          if (error === null && socket !== null) callback(null, guardAnswers(socket));
          else if (tried < Math.min(ADDRESSES_TRIED_MAX, addresses.length)) tryNext();
          else callback(error ?? new Error('no socket'), null);
        });
      }
    };
  }
}
