import type { Fault } from '../../resilience/fault.ts';
import type { Deadlines } from '../../table/deadlines.ts';
import type { Pipeline } from '../request/pipeline.ts';
import type { TunnelSide } from '../tunnel/side.ts';
import type { PerEndpoint } from './per-endpoint.ts';
import type { UpstreamPool } from './pool.ts';
import type { Upstream } from './upstream.ts';

/** What attempts need; one set per edge thread. */
export type AttemptDeps = {
  readonly pipeline: Pick<
    Pipeline,
    'uploading' | 'sent' | 'wentStale' | 'unprocessed' | 'reported' | 'sabotaged' | 'fellSilent'
  >;
  readonly pools: PerEndpoint<UpstreamPool>;
  readonly deadlines: Deadlines;
  /** How long a client may leave its answer untaken. */
  readonly clientIdleMs: () => number;
};

/** What an attempt calls: the request that it is one of. */
export type AttemptHandler<One> = {
  /** Its body, as far as it has come: all of it, and whether a new attempt would get all of it. */
  readonly body: { readonly ended: boolean; readonly replayable: boolean };
  /** Writes the head of the request to a connection of the endpoint's, and what is here of the body. */
  send(one: One, upstream: Upstream): void;
  interim(upstream: Upstream): void;
  /** The head of an answer has come, and a piece of its body. */
  answered(one: One, upstream: Upstream): void;
  more(one: One, upstream: Upstream): void;
  failed(one: One, fault: Fault): void;
  /** The time of the whole request has passed. */
  deadlinePassed(one: One): void;
  /** No answer within the attempt's patience; the attempt goes on, whatever comes of that. */
  patienceExpired(one: One): void;
  /** An experiment's answer in place of the endpoint's. */
  standIn(one: One, status: number, text: string): void;
  /** The endpoint has switched to another protocol, on this side of a tunnel, which is the handler's now. */
  switched(one: One, upstream: Upstream, endpoint: TunnelSide): void;
  /** An error of our own in what was done with the answer. */
  faulted(error: unknown): void;
  /** More of the request's body can be taken. */
  wantBody(): void;
  /** The client neither sends the rest of its body nor takes the answer. `answerable`: where no answer has begun, it gets one that says so. */
  clientStalled(answerable?: boolean): void;
};

/**
 * What is being waited for: nothing; a connection; the rest of the request's body, to come or to be taken; a first byte (or a connection), until another attempt
 * may be made beside this one, as long as patience lasts, and after that; the rest of the answer; a client that does not take it.
 */
export type Phase = 'idle' | 'connecting' | 'uploading' | 'early' | 'patience' | 'waiting' | 'answering' | 'stalled';
