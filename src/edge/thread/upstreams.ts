import { ownEntry } from '../../config/own-entry.ts';
import { ownersOf, policyOf } from '../../config/owners.ts';
import { serverNameOf } from '../../config/server-name.ts';
import type { OriginTls } from '../../config/topology-origin.ts';
import type { EndpointPolicy } from '../../config/topology-policy.ts';
import type { Clock, Random } from '../../table/clock.ts';
import { Deadlines } from '../../table/deadlines.ts';
import { HeldBytes } from '../frames/held-bytes.ts';
import { ConnectionPool } from '../upstream/connection-pool.ts';
import { DeadAddresses } from '../upstream/dead-addresses.ts';
import { Dialer } from '../upstream/dialer.ts';
import { MultiplexedPool } from '../upstream/multiplexed/pool.ts';
import { PerEndpoint } from '../upstream/per-endpoint.ts';
import type { UpstreamPool } from '../upstream/pool.ts';
import { QuietCheck } from '../upstream/quiet-check.ts';
import type { Reach } from '../upstream/reach.ts';
import { SecureContexts } from '../upstream/secure-contexts.ts';
import type { Deployment } from './deployment.ts';

export type UpstreamsDeps = {
  readonly reach: Reach;
  readonly clock: Clock;
  readonly random: Random;
  /** Called for every connection that is established, with the name of its service. */
  readonly connected?: ((service: string, connectMs: number, tlsMs: number | undefined) => void) | undefined;
  /** Called with an error of our own in what is done for a connection. */
  readonly faulted: (error: unknown) => void;
};

/** The connections of one edge thread to endpoints, which all of its engines share. */
export class Upstreams {
  readonly dialers: PerEndpoint<Dialer>;
  readonly pools: PerEndpoint<UpstreamPool>;
  /** What waits for windows of HTTP/2 to open, on either side. */
  readonly held = new HeldBytes();
  /** What requests and connections wait for, on either side. */
  readonly deadlines: Deadlines;

  constructor({ reach, clock, random, faulted, connected }: UpstreamsDeps, deployment: Deployment) {
    const reachKeys = reachKeysOf(deployment);
    const deadlines = new Deadlines(clock, faulted);
    const dialing = { reach, contexts: new SecureContexts(), dead: new DeadAddresses(clock), clock, connected };
    const dialers = new PerEndpoint(
      (service, endpoint) => new Dialer(dialing, policyOf(service, endpoint), endpoint),
      reachKeys,
    );
    const shared = { deadlines, random, clock, faulted, held: this.held, quietCheck: new QuietCheck() };
    this.dialers = dialers;
    this.deadlines = deadlines;
    this.pools = new PerEndpoint((...at) => newPool(shared, dialers.of(...at)), reachKeys);
  }

  /** Another deployment is in force: what it reaches otherwise is closed, and what leads to addresses that are gone is drained. */
  follow(deployment: Deployment): void {
    const reachKeys = reachKeysOf(deployment);
    // A pool that is made anew takes its dialer from here.
    for (const held of [this.dialers, this.pools]) held.keepOnly(reachKeys);
    this.drain();
  }

  /** Endpoints have other addresses now. */
  drain(): void {
    this.pools.each((pool) => pool.drain());
  }

  destroy(): void {
    for (const held of [this.pools, this.dialers]) held.destroy();
    this.deadlines.close();
  }
}

type PoolsDeps = ConstructorParameters<typeof ConnectionPool>[0] & ConstructorParameters<typeof MultiplexedPool>[0];

function newPool(deps: PoolsDeps, dialer: Dialer): UpstreamPool {
  const plain = new ConnectionPool(deps, dialer);
  return dialer.endpoint.protocol === 'h1' ? plain : new MultiplexedPool(deps, dialer, plain);
}

/** How each endpoint is reached, as a text that is another one when connections are to be made in another way. */
function reachKeysOf({ topology, ...pem }: Deployment): ReadonlyMap<string, string> {
  const how = new Map<string, string>();
  for (const service of ownersOf(topology)) {
    const common = trustKey(service, service.tls, pem);
    for (const endpoint of service.endpoints) {
      const { url, protocol, tls } = endpoint;
      const key = tls === undefined ? common : trustKey(service, tls, pem);
      how.set(endpoint.id, `${url.protocol} ${protocol} ${serverNameOf(service, endpoint)} ${key}`);
    }
  }
  return how;
}

function trustKey(
  { timeouts }: EndpointPolicy,
  tls: OriginTls,
  { authorities, clientPairs }: Pick<Deployment, 'authorities' | 'clientPairs'>,
): string {
  const texts = [ownEntry(authorities, tls.caOf), ownEntry(clientPairs, tls.clientOf)];
  return JSON.stringify([tls, ...texts, timeouts.connectMs, timeouts.connectionAgeMs]);
}
