import { isIP, type NetConnectOpts, type OnReadOpts, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { originTlsOf } from '../../config/origin-tls.ts';
import { serverNameOf } from '../../config/server-name.ts';
import type { Endpoint } from '../../config/topology.ts';
import type { EndpointPolicy } from '../../config/topology-policy.ts';
import type { Address } from '../../table/addresses.ts';
import type { Clock } from '../../table/clock.ts';
import { addressOrder } from './address-order.ts';
import type { DeadAddresses } from './dead-addresses.ts';
import { Dial, type DialHandler, type Dialled, type Timed } from './dial.ts';
import { feedReads } from './fed-reads.ts';
import { identityOptions } from './origin-identity.ts';
import type { Held } from './per-endpoint.ts';
import { proxyHeader } from './proxy-header-out.ts';
import type { Reach } from './reach.ts';
import type { SecureContexts } from './secure-contexts.ts';

export type DialerDeps = {
  readonly reach: Reach;
  readonly contexts: SecureContexts;
  readonly dead: DeadAddresses;
  readonly clock: Clock;
  /** Called for every connection that is established, with the name of its service or backend. */
  readonly connected?: ((service: string, connectMs: number, tlsMs: number | undefined) => void) | undefined;
};

/** A peer that has vanished without a word is noticed after this long, and some probes of the operating system. */
const TCP_KEEP_ALIVE_MS = 60_000;

const HTTP_1: readonly string[] = ['http/1.1'];

/** How every engine of a thread connects to one endpoint: where to, in which order, trusting whom, resuming which session. */
export class Dialer implements Held {
  /** By which it is reached: its service's, or its backend's. */
  readonly policy: EndpointPolicy;
  readonly endpoint: Endpoint;
  readonly #deps: DialerDeps;
  readonly #own: readonly Address[];
  /** TLS session of the last connection, so that the next one is spared half the handshake. */
  #session: Buffer | undefined;
  #turn = 0;

  /** What each connection begins with, before TLS. */
  readonly #first: Buffer | undefined;

  /** `client`: whose requests it is for, where a PROXY header says so to the endpoint. */
  constructor(deps: DialerDeps, policy: EndpointPolicy, endpoint: Endpoint, client?: string) {
    this.#deps = deps;
    this.#first = client === undefined ? undefined : firstBytes(endpoint, client);
    this.policy = policy;
    this.endpoint = endpoint;
    this.#own = [{ host: endpoint.url.host, port: endpoint.url.port }];
  }

  /** The addresses that the endpoint has now. Without any from discovery the system's resolver is asked for its host. */
  get addresses(): readonly Address[] {
    const found = this.#deps.reach.addresses(this.endpoint.id);
    return found === undefined || found.length === 0 ? this.#own : found;
  }

  /** Whether a connection to this address may be used for more requests. */
  leadsThere({ host, port }: Address): boolean {
    return this.addresses.some((address) => address.host === host && address.port === port);
  }

  /** Connects. `open` makes a socket with `socket`, and may be asked for several. Returns how to call it off. */
  dial<T extends Dialled>(open: (address: Address) => T, handler: DialHandler<T>): () => void {
    const { dead, clock, connected } = this.#deps;
    const { name } = this.policy;
    const timed: Timed = (connectMs, tlsMs) => connected?.(name, connectMs, tlsMs);
    const addresses = addressOrder(this.addresses, this.#turn++, (address) => dead.isDead(address));
    const { connectMs } = this.policy.timeouts;
    const secure = this.endpoint.url.protocol === 'https';
    return new Dial({ addresses, connectMs, secure, open }, handler, { dead, clock, timed }).cancel;
  }

  /** A socket that is on its way to this address; `protocols` are what may be spoken over TLS, the most wanted first. */
  socket({ host, port }: Address, onread?: OnReadOpts, protocols = HTTP_1): Socket {
    const { protocol } = this.endpoint.url;
    const base: NetConnectOpts = {
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    };
    const options = onread === undefined ? base : { ...base, onread };
    if (protocol === 'http') return begun(tcpConnect(options), this.#first);
    // What is read of it is read by TLS.
    const first = this.#first === undefined ? undefined : begun(tcpConnect(base), this.#first);
    const name = serverNameOf(this.policy, this.endpoint);
    const { contexts, reach } = this.#deps;
    const tls = originTlsOf(this.policy, this.endpoint);
    const socket = tlsConnect({
      ...options,
      ...(first === undefined ? {} : { socket: first }),
      servername: isIP(name) === 0 ? name : '',
      ...identityOptions(tls),
      ALPNProtocols: [...protocols],
      secureContext: contexts.of(reach.authorities(tls.caOf), reach.clientPair(tls.clientOf)),
      ...(this.#session === undefined ? {} : { session: this.#session }),
    });
    if (first !== undefined) {
      // What it is on breaks for both of them.
      first.on('error', (error) => socket.destroy(error));
      if (onread !== undefined) feedReads(socket, onread);
    }
    socket.on('session', (session: Buffer) => {
      this.#session = session;
    });
    return socket;
  }

  close(): void {
    this.#session = undefined;
  }

  destroy(): void {
    this.close();
  }
}

/** What is written before a connection is there leaves first. */
function begun(socket: Socket, first: Buffer | undefined): Socket {
  if (first !== undefined) socket.write(first);
  return socket;
}

function firstBytes({ sendProxy, protocol, host }: Endpoint, client: string): Buffer | undefined {
  if (sendProxy === undefined) return undefined;
  const alpn = { h1: 'http/1.1', h2: 'h2', h2c: 'h2', auto: undefined }[protocol];
  return proxyHeader(sendProxy, client, { alpn, authority: host });
}
