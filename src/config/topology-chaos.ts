import type { Cloud } from './topology-cloud.ts';

/** Experiments: faults that are put in on purpose. */
export type ChaosSettings = {
  /** Whether any may run. */
  readonly enabled: boolean;
  readonly guard: ChaosGuard;
  readonly experiments: readonly ChaosExperiment[];
};

export type ChaosExperiment = {
  readonly name: string;
  readonly fault: ChaosFault;
  readonly scope: ChaosScope;
  /** The share of the requests in its scope that it touches. */
  readonly radius: number;
  /** It stops by itself after this time. */
  readonly forMs: number;
  /** Whether it starts when the file is taken on. */
  readonly autostart: boolean;
  /** Whether it touches health checks too. */
  readonly healthChecks: boolean;
};

export type ChaosKind = ChaosFault['kind'];

export type ChaosFault =
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** `errorRate` is the share of the touched requests that fails; `answer` what stands in for the endpoint. */
  | { readonly kind: 'failure'; readonly answer: number | 'reset' | 'refused'; readonly errorRate: number }
  /** `keep` is the share that is kept, from the beginning. */
  | { readonly kind: 'partial'; readonly keep: number };

/** Undefined is every one; what is given must all fit. */
export type ChaosScope = {
  readonly service: string | undefined;
  readonly cloud: Cloud | undefined;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly priority: string | undefined;
};

/** When experiments are stopped before their time. */
export type ChaosGuard = {
  /** Multiples of the rate at which a service's error budget may burn. */
  readonly burnRate: number;
  readonly windowMs: number;
  /** Bad answers in the window before a burn rate is believed. */
  readonly errors: number;
  /** A touched request whose answer comes later than this is a bad one. */
  readonly latencyMs: number;
  /** The mean health of a service below which its experiments end; 0 is off. */
  readonly healthFloor: number;
};
