import type { Fault } from '../../resilience/fault.ts';
import type { Held } from './per-endpoint.ts';
import type { Upstream } from './upstream.ts';

/** What is called when there is something to send a request on, or when there cannot be. */
export type ConnectHandler = {
  connected(upstream: Upstream): void;
  notConnected(fault: Fault): void;
};

/** The connections of a thread to one endpoint, whatever the protocol. */
export type UpstreamPool = Held & {
  /** Something that is there already; undefined when there is nothing. A request is to be begun on it at once. */
  take(): Upstream | undefined;
  /**
   * Makes something to send a request on. Returns how to call it off; the handler is not called then. How long it may take is for the
   * caller to say. One that may become a `stream` of another protocol has one request.
   */
  connect(handler: ConnectHandler, becomes: 'connection' | 'stream'): () => void;
  /** Connections to addresses that the endpoint no longer has take no more requests. */
  drain(): void;
};
