import { createServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ListenAddress, ListenerSettings } from '../../config/topology-listener.ts';
import type { Challenges } from '../../table/challenges.ts';
import { peerAddressOf } from '../../table/peer-address.ts';
import { certificateFacts } from '../client/certificate-facts.ts';
import { type ConnectionFacts, noteFacts } from '../client/connection-facts.ts';
import type { Front, Fronts } from '../client/front.ts';
import { type ProxiedClient, readProxyHeader, V2_BYTES_MAX } from '../client/proxy-header.ts';
import { compileTrust, type Trust } from '../request/proxy-addr.ts';
import type { ConnectionRate } from './connection-rate.ts';
import { type Look, lookAtFirst } from './first-bytes.ts';
import type { Arrival, Gate } from './gate.ts';
import { Handshakes, type ListenerTls } from './handshakes.ts';

/** The backlog of connections that the kernel keeps for us to accept. */
export const BACKLOG = 4096;

export type DoorParts = {
  readonly settings: ListenerSettings;
  /** Undefined: plain TCP. */
  readonly tls: ListenerTls | undefined;
  readonly gate: Gate;
  /** What one client may open; left out: any number. */
  readonly rate?: Pick<ConnectionRate, 'admits'>;
  readonly fronts: Fronts;
  /** Called when a connection could not be taken, most likely for want of descriptors. */
  readonly notTaken?: (code: string) => void;
};

/**
 * One listener of an edge thread: accepts connections, prepares them (the PROXY header, then the TLS handshake), notes what is known
 * of them, and gives each to the front for the protocol that it speaks.
 */
export class Door {
  readonly #parts: DoorParts;
  readonly #server: Server;
  readonly #arrival: Arrival;
  readonly #handshakes: Handshakes | undefined;
  #settings: ListenerSettings;
  /** Who sends PROXY headers; undefined: nobody. */
  #proxies: Trust | undefined;

  constructor(parts: DoorParts) {
    const { settings, tls, gate, notTaken } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#proxies = proxiesOf(settings);
    this.#handshakes = tls === undefined ? undefined : this.#newHandshakes(tls);
    const prepares = tls !== undefined || this.#proxies !== undefined || this.#knowsPreface;
    this.#arrival = prepares ? 'prepared' : 'ready';
    // A client may end its half of a plain connection and still wait for the answer.
    const options = { allowHalfOpen: tls === undefined, noDelay: true, keepAlive: true };
    this.#server = createServer(options, (socket) => this.#take(socket));
    gate.guard(this.#server, this.#arrival);
    // Nobody's connection is at fault for it, and no other one is to end with it.
    this.#server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#server.listening) notTaken?.(error.code ?? error.message);
    });
  }

  /** The name of the listener. */
  get name(): string {
    return this.#settings.name;
  }

  /** Rejects when the address cannot be had. Resolves with the port. */
  listen({ host, port }: ListenAddress, reusePort: boolean): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const server = this.#server;
    server.once('error', reject);
    server.listen({ host, port, reusePort, exclusive: true, backlog: BACKLOG }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
    return promise;
  }

  /** Takes no more connections; resolves when the last one has gone. */
  stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    return promise;
  }

  /** Holds from the next connection on. What a door is (its address, whether it has TLS, PROXY headers, HTTP/2) stays as it was made. */
  follow(settings: ListenerSettings): void {
    this.#settings = settings;
    if (this.#proxies !== undefined) this.#proxies = proxiesOf(settings) ?? this.#proxies;
  }

  /** Shows other certificates from the next handshake on. A listener without TLS has no use for them. */
  renew(tls: ListenerTls): void {
    this.#handshakes?.show(tls);
  }

  /** Answers these challenges of authorities from the next handshake on; undefined: there is none. */
  prove(challenges: Challenges | undefined): void {
    this.#handshakes?.prove(challenges);
  }

  get #knowsPreface(): boolean {
    return this.#settings.http2 === 'cleartext' && this.#parts.fronts.http2 !== undefined;
  }

  #newHandshakes(tls: ListenerTls): Handshakes {
    const { gate, fronts } = this.#parts;
    return new Handshakes(tls, {
      protocols: this.#settings.http2 === 'tls' && fronts.http2 !== undefined ? ['h2', 'http/1.1'] : ['http/1.1'],
      secured: (raw, socket) => this.#open(raw, socket, this.#tlsFacts(socket)),
      refused: (raw, reason) => gate.refuse(raw, reason),
      proved: (raw) => gate.leave(raw),
    });
  }

  #take(raw: Socket): void {
    const { gate } = this.#parts;
    if (!gate.enter(raw, this.#arrival)) return;
    if (this.#proxies === undefined) return this.#prepare(raw);
    if (!this.#proxies(peerAddressOf(raw))) return gate.refuse(raw, 'proxy-protocol');
    const refuse = (): void => gate.refuse(raw, 'proxy-protocol');
    lookAtFirst(raw, lookForHeader, {
      bytesMax: V2_BYTES_MAX,
      over: refuse,
      found: (header) => {
        if ('problem' in header) return refuse();
        proxied.set(raw, header.client);
        this.#prepare(raw);
      },
    });
  }

  #prepare(raw: Socket): void {
    const { rate, gate } = this.#parts;
    if (rate?.admits(proxied.get(raw)?.address ?? peerAddressOf(raw)) === false)
      return gate.refuse(raw, 'connection-rate');
    if (this.#handshakes !== undefined) return this.#handshakes.begin(raw);
    if (!this.#knowsPreface) return this.#open(raw, raw, PLAIN);
    const serve = (protocol: 'h2' | 'http/1.1'): void => this.#open(raw, raw, PLAIN, protocol);
    lookAtFirst(raw, lookForPreface, { bytesMax: PREFACE.length, found: serve, over: () => serve('http/1.1') });
  }

  #open(raw: Socket, socket: Socket, known: PreparedFacts, protocol?: 'h2' | 'http/1.1'): void {
    const { gate, fronts } = this.#parts;
    // Of a TLS connection this thread knows no more when it has gone meanwhile.
    if (raw.destroyed) return;
    if (this.#arrival === 'prepared' && !gate.ready(raw, socket)) return;
    const client = proxied.get(raw) ?? { address: peerAddressOf(raw), port: raw.remotePort ?? 0 };
    const facts: ConnectionFacts = { listener: this.#settings.name, ...client, ...known };
    noteFacts(socket, facts);
    const agreed = protocol ?? ('alpnProtocol' in socket ? socket.alpnProtocol : undefined);
    frontFor(fronts, agreed).accept(socket, facts);
  }

  #tlsFacts(socket: TLSSocket & { readonly servername?: unknown }): PreparedFacts {
    const { servername } = socket;
    const clients = this.#settings.tls?.clients;
    const shown = clients !== undefined && socket.authorized ? socket.getPeerX509Certificate() : undefined;
    return {
      protocol: 'https',
      tlsVersion: socket.getProtocol() ?? '',
      serverName: typeof servername === 'string' ? servername.toLowerCase() : '',
      certificate: shown === undefined ? undefined : certificateFacts(shown, clients?.chain ?? false),
    };
  }
}

/** What PROXY headers have said of connections that are being prepared. */
const proxied = new WeakMap<Socket, ProxiedClient>();

function proxiesOf({ proxyProtocolFrom }: ListenerSettings): Trust | undefined {
  return proxyProtocolFrom === undefined ? undefined : compileTrust(proxyProtocolFrom);
}

/** What is known of a connection once it has been prepared. */
type PreparedFacts = Pick<ConnectionFacts, 'protocol' | 'tlsVersion' | 'serverName' | 'certificate'>;

const PLAIN: PreparedFacts = { protocol: 'http', tlsVersion: '', serverName: '', certificate: undefined };

type Header = Exclude<ReturnType<typeof readProxyHeader>, 'incomplete'>;

const lookForHeader: Look<Header> = (bytes) => {
  const header = readProxyHeader(bytes);
  if (header === 'incomplete') return header;
  return { found: header, taken: 'problem' in header ? 0 : header.length };
};

/** With this a client begins who knows that HTTP/2 is spoken here (RFC 9113 §3.4); it stays unread. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * A whole first line like that of a request, of something that is no HTTP/1.x: as a preface it is wrong, and that is told as it is in HTTP/2 (§3.4).
 * Whatever else does not begin as the preface does is HTTP/1.1's to judge.
 */
const OTHER_PROTOCOL = /^[^ \r\n]+ [^ \r\n]+ (?!HTTP\/1)[^\r\n]*\r\n/;
const FIRST_LINE_BYTES_MAX = 256;

const lookForPreface: Look<'h2' | 'http/1.1'> = (bytes) => {
  const length = Math.min(bytes.length, PREFACE.length);
  if (!bytes.subarray(0, length).equals(PREFACE.subarray(0, length))) {
    return {
      found: OTHER_PROTOCOL.test(bytes.toString('latin1', 0, FIRST_LINE_BYTES_MAX)) ? 'h2' : 'http/1.1',
      taken: 0,
    };
  }
  return length < PREFACE.length ? 'incomplete' : { found: 'h2', taken: 0 };
};

/** Only what was offered can have been chosen. */
function frontFor({ http1, http2 }: Fronts, protocol: unknown): Front {
  return protocol === 'h2' && http2 !== undefined ? http2 : http1;
}
