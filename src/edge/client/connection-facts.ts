import type { Socket } from 'node:net';
import { peerAddressOf, tlsVersionOf } from '../../table/peer-address.ts';
import type { ClientCertificate } from '../message/client-certificate.ts';

/**
 * What is known of a client's connection before its first request, the same for all of them: found out once, by the listener that
 * took it, and read by every front.
 */
export type ConnectionFacts = {
  /** The name of the listener that took it. */
  readonly listener: string;
  /** The client's address and port: those of the connection, or what a PROXY header says instead. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  /** The version of TLS, such as `TLSv1.3`; empty without it. */
  readonly tlsVersion: string;
  /** The name that the client asked for in its handshake (SNI), in lower case; empty when it named none. */
  readonly serverName: string;
  /** Undefined when it has shown none, or none that is trusted. */
  readonly certificate: ClientCertificate | undefined;
};

const FACTS = Symbol('connection facts');

type Known = Socket & { [FACTS]?: ConnectionFacts };

/** Keeps the facts with the socket on which requests are read. */
export function noteFacts(socket: Socket, facts: ConnectionFacts): void {
  (socket as Known)[FACTS] = facts;
}

/** The facts of a connection. Of one that no listener has noted, as much as the socket itself knows. */
export function factsOf(socket: Socket): ConnectionFacts {
  const { [FACTS]: known } = socket as Known;
  if (known !== undefined) return known;
  const found = factsBySocket(socket);
  noteFacts(socket, found);
  return found;
}

function factsBySocket(socket: Socket): ConnectionFacts {
  return {
    listener: '',
    address: peerAddressOf(socket),
    port: socket.remotePort ?? 0,
    protocol: 'encrypted' in socket ? 'https' : 'http',
    tlsVersion: tlsVersionOf(socket),
    serverName: '',
    certificate: undefined,
  };
}
