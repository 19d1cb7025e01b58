import type { Readable } from 'node:stream';
import type { Fault } from '../../resilience/fault.ts';
import type { Clock, Random } from '../../table/clock.ts';
import type { HeldBytes } from '../frames/held-bytes.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { RelayDeps } from '../relay/relay.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { ServiceState } from '../request/service-state.ts';
import type { OnSwitch } from '../request/switched.ts';
import type { OpenTunnels } from '../tunnel/open-tunnels.ts';
import type { Flusher } from './flusher.ts';

/** What can be done with the connection that an answer comes from. */
export type Flow = { pause(): void; resume(): void };

/** Whoever takes the answer to a request that the general engine forwards. */
export type Taker = {
  answerBegun(source: Flow): void;
  readonly takesLent: boolean;
  answerData(source: Flow, chunk: Buffer): boolean;
  answerEnded(source: Flow): void;
  answerFailed(): void;
};

/** A request that the general engine forwards, and how its answer is seen. */
export type Forwarded = {
  readonly exchange: Exchange;
  readonly head: AnswerHead | undefined;
  readonly trailers: readonly string[];
  readonly added: readonly string[];
  readonly answeredBy: Attempt | undefined;
  readonly fault: Fault | undefined;
  readonly faultStatus: number | undefined;
  abandon(): void;
};

/** What a stream hands on with such a request. */
export type Order = {
  readonly exchange: Exchange;
  /** Its body, where it has one. */
  readonly body: Readable | undefined;
  readonly interim: (head: AnswerHead) => void;
  /** Called when the endpoint has switched protocols, where that was asked for. */
  readonly onSwitch: OnSwitch | undefined;
};

/** What HTTP/2 in front needs; one set per edge thread. */
export type H2Deps = RelayDeps & {
  readonly clock: Clock;
  readonly random: Random;
  readonly flusher: Flusher;
  readonly held: HeldBytes;
  /** Whether requests of this service take more than forwarding. */
  readonly isGeneral: (state: ServiceState) => boolean;
  /** Has the general engine forward a request. To be launched with whoever takes the answer. */
  readonly forward: (order: Order) => { readonly forwarded: Forwarded; readonly launch: (taker: Taker) => void };
  readonly draining: () => boolean;
  readonly pseudonym: () => string;
  /** Called with the bytes of bodies that pass through. */
  readonly passed: (bytes: number) => void;
  /** Counts a request that was not taken, and a connection that ended with an error of its client's. */
  readonly refused: () => void;
  readonly faulted: (error: unknown) => void;
  /** How long an idle connection is kept, and within what time a head must be complete. */
  readonly keepAliveMs: () => number;
  readonly headMs: () => number;
  readonly tunnels: OpenTunnels;
};
