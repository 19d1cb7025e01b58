import type { Fault } from '../../resilience/fault.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { Held } from './per-endpoint.ts';
import type { Upstream } from './upstream.ts';

/** What is called when there is something to send a request on, or when there cannot be. */
export type ConnectHandler = {
  connected(upstream: Upstream): void;
  notConnected(fault: Fault): void;
};

/** What is made may become something else than a connection for requests: a WebSocket, or a stream of any other protocol. */
export type Becomes = 'connection' | 'web-socket' | 'stream';

/** The connections of a thread to one endpoint, whatever the protocol. */
export type UpstreamPool = Held & {
  /** Something that is there already; undefined when there is nothing. A request is to be begun on it at once. */
  take(): Upstream | undefined;
  /**
   * Makes something to send a request on. Returns how to call it off; the handler is not called then. How long it may take is for the
   * caller to say. One that may become a stream of another protocol has one request.
   */
  connect(handler: ConnectHandler, becomes: Becomes): () => void;
  /** The connections that are for one client alone, where a PROXY header says whose each of them is. Undefined: all clients share all connections. */
  forClient?(address: string): UpstreamPool;
  /** Connections to addresses that the endpoint no longer has take no more requests. */
  drain(): void;
};

/** What a request may make of what it is sent on. */
export function becomesOf({ upgrade }: Pick<RequestHead, 'upgrade'>): Becomes {
  if (upgrade === undefined) return 'connection';
  return upgrade.toLowerCase() === 'websocket' ? 'web-socket' : 'stream';
}
