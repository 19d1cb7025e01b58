import type { Socket } from 'node:net';
import type { ConnectionFacts } from './connection-facts.ts';

/** What reads requests from clients' connections. A listener gives each connection to one of them, by the protocol that it speaks. */
export type Front = {
  /** Takes a connection that can carry requests: TCP, or TLS after its handshake. Nothing has been read of it, or it finds it unread. */
  readonly accept: (socket: Socket, facts: ConnectionFacts) => void;
};

/** The fronts of a thread by protocol. */
export type Fronts = {
  readonly http1: Front;
  /** Undefined: HTTP/2 is offered to nobody. */
  readonly http2?: Front | undefined;
};
