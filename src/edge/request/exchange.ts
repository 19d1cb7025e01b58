import type { Endpoint } from '../../config/topology.ts';
import type { Whereabouts } from '../../geo/locate.ts';
import type { Permit } from '../../resilience/admission.ts';
import type { Fault } from '../../resilience/fault.ts';
import type { Held } from '../../resilience/held-count.ts';
import type { LatencyRow } from '../../routing/ask.ts';
import type { Explanation } from '../../routing/explain.ts';
import type { FenceMask } from '../../routing/fence.ts';
import type { Priority } from '../../routing/priorities.ts';
import type { ServiceView } from '../../routing/view.ts';
import type { Quality, Source } from '../../table/quality.ts';
import type { Outcome } from '../../table/worker-block.ts';
import type { OwnAnswer } from '../message/answer.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { ServiceState } from './service-state.ts';
import type { Stuck } from './sticky-clients.ts';

/** A request that no service took, the id that it is known by, and what rules of its service add to the answer: names and values alternating. */
export type Refused = Fault & { readonly requestId: string; readonly more?: readonly string[] };

/** A request that this edge answers itself, by a rule of its service; it is recorded. */
export type Answered = { readonly answer: OwnAnswer };

/**
 * One client request on its way through the pipeline: what it is, where it should go, and what became of it. Engines
 * make one, hand it from phase to phase, and read from it; only the pipeline writes to it.
 */
export type Exchange = {
  readonly head: RequestHead;
  /** What endpoints are asked for, by the rules for paths, without the base path of each; the client's own target where there are none. */
  readonly target: string;
  readonly requestId: string;
  /** Which trace it belongs to, as its endpoint is told. */
  readonly traceparent: string;
  readonly clientAddress: string;
  readonly trustedPeer: boolean;
  /** This edge's name in `Via`. */
  readonly pseudonym: string;
  readonly startMs: number;
  /** When its answer has to have ended, on the clock of the table; infinite: whenever it does. */
  untilMs: number;
  readonly state: ServiceState;
  readonly view: ServiceView;
  readonly priority: Priority;
  readonly whereabouts: Whereabouts;
  readonly latency: LatencyRow;
  /** The endpoints that may serve its client, whatever becomes of them; undefined: all. */
  readonly fence: FenceMask | undefined;
  /** What it says of its client, for a service that keeps clients with endpoints. */
  readonly sticky: Stuck | undefined;
  readonly idempotent: boolean;
  /** Bytes that its body may have; infinite where nobody has set a limit. */
  readonly bodyBytesMax: number;
  /** How long nothing may come of it, in ms; infinite likewise. */
  readonly bodyPauseMs: number;
  /** Whether the client may see why its request went where it went. */
  readonly explained: boolean;
  /** Only when the access log wants it. */
  readonly userAgent: string | undefined;
  /** Every attempt so far, in order. */
  readonly attempts: Attempt[];
  /** Attempts whose patience has expired, and which race on beside the one that came after them; whoever answers first judges the others. */
  readonly suspects: Attempt[];
  /** Decides for all experiments whether they touch it; `NO_DRAW` when none ran as it came. */
  readonly chaosDraw: number;
  /** The experiments that touched it, by name, with commas between; such a request is no measure of the service. */
  chaos: string;
  /** Bytes of the request's body that have come, and of the answer's that were sent on; counted by the engine. */
  bytesIn: number;
  bytesOut: number;
  /** Whether it was recorded, or its ladder will see to that; it is once, however it ends. */
  recorded: boolean;
  /** Where it is counted among the requests under way, for limits on those; undefined: nowhere. */
  held: Held | undefined;
};

/** An endpoint that was not chosen, and its score. */
export type RunnerUp = { readonly endpoint: string; readonly score: number };

/** One attempt of one exchange at one endpoint. */
export type Attempt = {
  readonly index: number;
  readonly endpoint: Endpoint;
  readonly permit: Permit;
  readonly score: number;
  readonly panic: boolean;
  /** The best of the others, when the access log wants to know. */
  readonly runnerUp: RunnerUp | undefined;
  /** Only when the exchange is `explained`. */
  readonly explanation: Explanation | undefined;
  readonly startMs: number;
  /** When the last byte of the request went out, from which the endpoint's time counts; `startMs` when that was at once, `NOT_SENT` while it has not. */
  sentMs: number;
  /** How long it may wait for a first byte before the request looks elsewhere, if it can. */
  readonly patienceMs: number;
  /** How long until the request goes to another endpoint as well, though nobody is to blame; infinite: it does not, or has. */
  hedgeMs: number;
  /** How long until it looks whether its endpoint has fallen silent, for the next time; infinite: it does not. */
  lookMs: number;
  /** It had fallen silent then, and has a successor for that: it may be no more than one of those that a pause has hit. */
  fellSilent: boolean;
  movedOn: boolean;
  outcome: Outcome | undefined;
  /** The status that the endpoint answered with; 0 while it has not. */
  status: number;
  /** The status that its answer means where that is another one, as gRPC's do; 0 otherwise. It is what counts, and what is logged. */
  meant: number;
  firstByteMs: number;
  /** The answer said that the endpoint has no room now: nobody is ill, and nobody is to blame. */
  overloaded: boolean;
  /** Another endpoint has answered this request with a 500 too: it is the request that is wrong, or something behind both. */
  agreed: boolean;
  fault: Fault | undefined;
};

/** The request is still being sent: the endpoint owes nothing yet. */
export const NOT_SENT = Number.POSITIVE_INFINITY;

/** How a client's request ended. */
export type Ending = {
  /** The status that the client got; 499 when it had left before. */
  readonly status: number;
  /** `broken`: the answer stopped in the middle because the endpoint broke off. */
  readonly how: 'complete' | 'broken' | 'client-gone';
  /** Which step of the service's ladder answered and how well; left out when it has none. A refusal has no quality. */
  readonly source?: Source;
  readonly quality?: Quality | undefined;
  /** Its status is no error: the client asked for a copy or nothing, and there was none. */
  readonly wished?: boolean;
  /** Whether a copy was the answer, where one was looked for. */
  readonly copy?: 'hit' | 'miss' | undefined;
};
