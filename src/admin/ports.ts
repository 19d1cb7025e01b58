import type { Consistency } from '../config/topology-values.ts';

/** What the admin API can see and do; handed in by compose. Everything here may be called at any time. */
export type AdminPorts = {
  /** Whether the process works at all. It must not depend on anything outside: a process that is not live is killed. */
  readonly live: () => boolean;
  readonly readiness: () => Readiness;
  readonly metrics: (
    format: 'text' | 'openmetrics',
  ) => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly explain: (query: ExplainQuery) => object | Refusal;
  /** The topology in use, without its secrets. */
  readonly topology: () => unknown;
  readonly status: () => unknown;
  readonly alerts: () => unknown;
  readonly slo: () => unknown;
  readonly chaos: ChaosOrders;
  readonly fleet: FleetOrders;
  readonly values: ValueOrders;
  /** Has all threads forget copies of a service's answers. Refused when there is no such service or it keeps none. */
  readonly purge: (order: PurgeOrder) => Promise<PurgeReport | Refusal>;
  /** Reads the file again. What was in use stays when it has problems. */
  readonly reload: () => Promise<ReloadResult>;
};

/** Whether traffic should be sent here, and each thing that this depends on. */
export type Readiness = {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
};

export type ExplainQuery = {
  /** A valid IPv4 or IPv6 address. */
  readonly clientIp: string;
  readonly priority: string | undefined;
  readonly service: string | undefined;
  /** Finds the service as a request for this URL does. */
  readonly url?: string | undefined;
};

/** A question that cannot be answered, and the status to say so with. */
export type Refusal = {
  readonly error: string;
  readonly status: number;
  readonly fix?: string;
  readonly problems?: readonly string[];
};

/** Which copies: those of one URL, of all that begin so, or (the empty prefix) all of the service. */
export type PurgeOrder =
  | { readonly service: string; readonly url: string }
  | { readonly service: string; readonly prefix: string };

/** How many threads have forgotten, and which have not and why. */
export type PurgeReport = {
  readonly threads: number;
  readonly failed: readonly { readonly thread: number; readonly error: string }[];
};

/** Experiments: which run, and orders to start and to stop them, as they came. */
export type ChaosOrders = {
  readonly list: () => object;
  readonly start: (body: unknown) => Promise<object | Refusal>;
  readonly stop: (body: unknown) => Promise<object | Refusal>;
};

/** The fleet: how it is, and what operators decide about endpoints, as it came. */
export type FleetOrders = {
  readonly show: () => object;
  readonly order: (verb: 'drain' | 'undrain' | 'weight' | 'capacity', body: unknown) => Promise<object | Refusal>;
};

/** Values that users keep in the fleet. A refusal says what the key is now, where that is known. */
export type ValueOrders = {
  readonly get: (ask: {
    readonly key: string;
    readonly consistency: Consistency | undefined;
  }) => Promise<ValueAnswer | ValueRefusal>;
  /** Without a cursor what there is; with one what has changed since, as soon as anything has or the time is up. */
  readonly list: (ask: {
    readonly prefix: string;
    readonly cursor: string | undefined;
    readonly waitMs: number;
  }) => Promise<object | ValueRefusal>;
  readonly write: (ask: ValueAsk) => Promise<ValueAnswer | ValueRefusal>;
};

export type ValueAsk = {
  readonly key: string;
  /** Undefined deletes it. */
  readonly value: unknown;
  readonly actor: string;
  readonly consistency: Consistency | undefined;
  readonly ifMatch: string | undefined;
  readonly ifAbsent: boolean;
};

/** `etag` is the version in short. */
export type ValueAnswer = { readonly etag: string; readonly stored?: string };
export type ValueRefusal = Refusal & { readonly now?: object; readonly retryMs?: number };

export type ReloadResult = { readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] };
