import type { Attempt, Exchange } from '../../src/edge/request/exchange.ts';
import type { Pipeline } from '../../src/edge/request/pipeline.ts';

/** One request of a client, from where it enters to its end. */
export type Flight = {
  readonly edge: number;
  readonly site: number;
  readonly get: boolean;
  /** When it came to its edge. */
  readonly startMs: number;
  done: boolean;
  /** The product's own, where it is the product that sends it. */
  exchange: Exchange | undefined;
  pipeline: Pipeline | undefined;
  /** Its tries so far. */
  readonly sent: Try[];
};

/** One try of it at one endpoint. */
export type Try = {
  readonly flight: Flight;
  readonly endpoint: number;
  readonly sentMs: number;
  /** Where the simulation keeps it while something is to come of it. */
  slot: number;
  /** What the endpoint answered; 0 until it has. */
  status: number;
  /** Nobody waits for it any more. */
  dropped: boolean;
  /** The edge has heard what became of it. */
  heard: boolean;
  attempt: Attempt | undefined;
};

/** What an edge is told of a try that has no answer. */
export type Broken = 'connect-refused' | 'connect-timeout' | 'reset' | 'first-byte-timeout';

/** Who decides in the edges: the product, or one of those that it is compared with. */
export type Router = {
  /** A request has come to its edge: it is sent somewhere, or finished. */
  readonly begin: (flight: Flight) => void;
  /** A try has waited for a connection, and goes out now. */
  readonly connected?: (one: Try) => void;
  /** `overloaded`: the endpoint's queue was full, and it said so (503 with Retry-After). */
  readonly answered: (one: Try, overloaded: boolean) => void;
  readonly failed: (one: Try, how: Broken) => void;
  /** A try has waited for as long as was said when it was sent. */
  readonly impatient: (one: Try) => void;
};
