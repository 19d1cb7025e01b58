import type { Socket } from 'node:net';
import type { Fault } from '../../resilience/fault.ts';
import type { Upstream } from './upstream.ts';

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
  /** The endpoint has switched to another protocol, on this socket, which is the handler's now. */
  switched(one: One, upstream: Upstream, socket: Socket): void;
  /** An error of our own in what was done with the answer. */
  faulted(error: unknown): void;
  /** More of the request's body can be taken. */
  wantBody(): void;
  /** The client neither sends what it owes nor takes what it is given. */
  clientStalled(): void;
};
