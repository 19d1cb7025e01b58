import type { Endpoint } from '../config/topology.ts';
import type { ChaosFault, ChaosKind } from '../config/topology-chaos.ts';

/** What running experiments do to one attempt. It is the word between the chaos room, which plans, and the edge, which does. */
export type FaultPlan = {
  /** Held back this long before it is sent; 0 is not at all. */
  readonly delayMs: number;
  /** The experiments that the delay is made of. */
  readonly delayedBy: readonly string[];
  /** What stands in for the endpoint. */
  readonly failure: { readonly experiment: string; readonly answer: FailureAnswer } | undefined;
  readonly partial: PartialPlan | undefined;
};

/** A status, or what becomes of the connection. */
export type FailureAnswer = Extract<ChaosFault, { kind: 'failure' }>['answer'];

export type PartialPlan = {
  readonly experiment: string;
  /** Share that is kept, 0 to 1. */
  readonly keep: number;
  /** The body with the first share of its JSON array; undefined when it is no array. */
  readonly shorten: (body: Buffer) => Buffer | undefined;
};

/** Plans faults for one thread. */
export type FaultPlanner = {
  /** Whether any experiment runs; while none does, this is all that a request asks. */
  readonly running: boolean;
  /** Whether one of them cuts answers short: that is for an engine that can take an answer apart. */
  readonly cutting: boolean;
  /** What happens to an attempt of a request at an endpoint; undefined: nothing. `draw` is the request's own, in [0, 1). */
  readonly plan: (endpoint: Endpoint, asked: AskedBy, at: { draw: number; nowMs: number }) => FaultPlan | undefined;
  /** Counts a fault that was put in. */
  readonly injected: (experiment: string, kind: ChaosKind) => void;
};

/** The draw of a request that no experiment can touch. */
export const NO_DRAW = -1;

/** As much of a request that is about to be sent to an endpoint as scopes ask for: its service, and its weights by their name. */
export type AskedBy = {
  readonly view: { readonly service: { readonly name: string } };
  readonly priority: { readonly name: string };
};
