import { createServer, type Server, type Socket } from 'node:net';
import type { Server as SecureServer, TLSSocket } from 'node:tls';
import type { ListenAddress } from '../../config/topology.ts';
import { peerAddressOf } from '../../table/peer-address.ts';
import { type ConnectionFacts, noteFacts } from '../client/connection-facts.ts';
import type { Front, Fronts } from '../client/front.ts';
import type { Arrival, Gate } from './gate.ts';
import { handshakeOn, type ServerTls, secureServer } from './secure-server.ts';

/** The backlog of connections that the kernel keeps for us to accept. */
export const BACKLOG = 4096;

/** A peer that has vanished without a word is noticed by the operating system. */
const TCP_KEEP_ALIVE = true;

export type DoorParts = {
  /** The name of the listener. */
  readonly name: string;
  readonly tls: ServerTls | undefined;
  readonly gate: Gate;
  readonly fronts: Fronts;
  /** Called when a connection could not be taken, most likely for want of descriptors. */
  readonly notTaken?: (code: string) => void;
};

/**
 * One listener of an edge thread: accepts connections, prepares them (the TLS handshake), notes what is known of them, and gives
 * each to the front for the protocol that it speaks.
 */
export class Door {
  readonly name: string;
  readonly #parts: DoorParts;
  readonly #server: Server;
  readonly #arrival: Arrival;
  #secure: SecureServer | undefined;

  constructor(parts: DoorParts) {
    const { name, tls, gate, notTaken } = parts;
    this.name = name;
    this.#parts = parts;
    this.#secure = tls === undefined ? undefined : this.#secureServer(tls);
    this.#arrival = tls === undefined ? 'ready' : 'prepared';
    // A client may end its half of a plain connection and still wait for the answer.
    const options = { allowHalfOpen: tls === undefined, noDelay: true, keepAlive: TCP_KEEP_ALIVE };
    this.#server = createServer(options, (socket) => this.#take(socket));
    gate.guard(this.#server, this.#arrival);
    // Nobody's connection is at fault for it, and no other one is to end with it.
    this.#server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#server.listening) notTaken?.(error.code ?? error.message);
    });
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

  /** Shows another certificate from the next handshake on. A listener without TLS has no use for it. */
  renew(tls: ServerTls): void {
    if (this.#secure !== undefined) this.#secure = this.#secureServer(tls);
  }

  #take(raw: Socket): void {
    if (!this.#parts.gate.enter(raw, this.#arrival)) return;
    if (this.#secure === undefined) return this.#open(raw, PLAIN);
    handshakeOn(this.#secure, raw);
  }

  #secureServer(tls: ServerTls): SecureServer {
    return secureServer(tls, {
      protocols: this.#parts.fronts.http2 === undefined ? ['http/1.1'] : ['h2', 'http/1.1'],
      secured: (raw, socket) => {
        if (this.#parts.gate.ready(raw, socket)) this.#open(socket, tlsFacts(socket));
      },
    });
  }

  #open(socket: Socket, known: PreparedFacts): void {
    const { listener, fronts } = { listener: this.name, fronts: this.#parts.fronts };
    const facts = { listener, address: peerAddressOf(socket), port: socket.remotePort ?? 0, ...known };
    noteFacts(socket, facts);
    frontFor(fronts, 'alpnProtocol' in socket ? socket.alpnProtocol : false).accept(socket, facts);
  }
}

/** What a connection's preparation has told of it. */
type PreparedFacts = Pick<ConnectionFacts, 'protocol' | 'tlsVersion' | 'serverName' | 'certificate'>;

const PLAIN: PreparedFacts = { protocol: 'http', tlsVersion: '', serverName: '', certificate: undefined };

function tlsFacts(socket: TLSSocket & { readonly servername?: unknown }): PreparedFacts {
  const { servername } = socket;
  return {
    protocol: 'https',
    tlsVersion: socket.getProtocol() ?? '',
    serverName: typeof servername === 'string' ? servername.toLowerCase() : '',
    certificate: undefined,
  };
}

/** Only what was offered can have been chosen. */
function frontFor({ http1, http2 }: Fronts, protocol: unknown): Front {
  return protocol === 'h2' && http2 !== undefined ? http2 : http1;
}
