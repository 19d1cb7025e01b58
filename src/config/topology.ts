import type { ChaosSettings } from './topology-chaos.ts';
import type { Cloud } from './topology-cloud.ts';
import type { DegradedPolicy } from './topology-degraded.ts';
import type { EndpointManner, EndpointUrl, Resolve, UpstreamProtocol } from './topology-endpoint.ts';
import type { FleetSettings } from './topology-fleet.ts';
import type { ServiceGuards } from './topology-guards.ts';
import type { ConnectionLimit } from './topology-limits.ts';
import type { ListenAddress, ListenerSettings } from './topology-listener.ts';
import type { LogSettings } from './topology-log.ts';
import type { MatchRule } from './topology-match.ts';
import type { OriginTls } from './topology-origin.ts';
import type { BreakerPolicy, EndpointPolicy, HealthPolicy } from './topology-policy.ts';
import type { ServiceRules } from './topology-rules.ts';
import type { EndpointShares, RoutingShares, ServiceShares } from './topology-shares.ts';
import type { TimeoutPolicy } from './topology-timeouts.ts';

/** A point on the globe in degrees; `country` is ISO 3166-1 alpha-2, empty where it is not known. */
export type Place = { readonly latitude: number; readonly longitude: number; readonly country: string };

/**
 * What the YAML says, after it has been parsed: plain, frozen, structured-cloneable data that every thread holds a copy
 * of. A reload makes a new one and swaps one reference; nothing in here ever changes. Durations are milliseconds, sizes
 * are bytes, shares are 0 to 1. What is *happening* (health, latency, in flight, breakers) is in the endpoint table.
 */
export type Topology = {
  /** The file it was read from, as given. */
  readonly file: string;
  readonly edge: EdgeSettings;
  /** The three first, then those of its own as they are written. */
  readonly clouds: readonly Cloud[];
  readonly admin: AdminSettings;
  /** `builtin`, or the path of a MaxMind-format database. */
  readonly geoDatabase: string;
  readonly log: LogSettings;
  readonly alerts: AlertSettings;
  readonly services: readonly Service[];
  /** Endpoints that services share; left out: every service has its own. */
  readonly backends?: readonly Backend[];
  readonly chaos: ChaosSettings;
  /** Undefined: this edge shares nothing. */
  readonly fleet: FleetSettings | undefined;
};

/** Who sees, in response headers, why a request went where it went. */
export type DecisionHeaders = 'never' | 'trusted' | 'always';

export type EdgeSettings = {
  readonly id: string;
  /** Its name in `Via` and `Proxy-Status`, for strangers to read. */
  readonly pseudonym: string;
  /** Its name for what outlasts the process: alerts, and records that it keeps. */
  readonly lastingId: string;
  /** Where this edge stands, and whether the file says so: clients that cannot be located are taken to be here. */
  readonly place: Place;
  readonly placed: boolean;
  readonly cloud: Cloud | undefined;
  readonly region: string | undefined;
  /** Where clients are taken; at least one. */
  readonly listeners: readonly ListenerSettings[];
  /** Edge threads; `auto` is one per core that the process may use. */
  readonly workers: number | 'auto';
  /** Addresses, CIDRs, or the names loopback, linklocal, uniquelocal: peers whose X-Forwarded-* are believed. */
  readonly trustProxies: readonly string[];
  readonly drainMs: number;
  /** How long it still takes connections and answers after the order to end, before it drains. */
  readonly lameDuckMs: number;
  /** The path that is answered by the edge itself, for whoever checks its health; empty: none. */
  readonly healthPath: string;
  /** Client connections per edge thread; further ones are refused. */
  readonly connectionsMax: number;
  /** TLS handshakes under way per edge thread, and how long one may take. */
  /** What one client may open of them in a time; undefined: any number. */
  readonly connectionLimit: ConnectionLimit | undefined;
  readonly handshakesMax: number;
  readonly handshakeMs: number;
  /** An idle client connection is kept this long; longer than any load balancer in front keeps its own. */
  readonly keepAliveMs: number;
  /** A request head must be complete within this time. */
  readonly headMs: number;
  /** Whether the wire engine takes what it can; the general engine takes the rest. */
  readonly accelerator: boolean;
  readonly decisionHeaders: DecisionHeaders;
};

export type AdminSettings = {
  readonly listen: ListenAddress;
  /** Bearer token; empty means that everybody may read, and that POST is refused except from loopback. */
  readonly token: string;
  /** Names that `Host` may have when there is no token, beside those that are known; in lower case. */
  readonly hosts: readonly string[];
};

export type Service = ServiceGuards &
  ServiceShares & {
    readonly name: string;
    readonly match: readonly MatchRule[];
    /** Its own, or those of its backends with the weights, tiers and sets that they have for it. */
    readonly endpoints: readonly Endpoint[];
    /** Whose endpoints they are; left out: its own. Their health, breakers and TLS then go by these, and not by its own below. */
    readonly backends?: readonly EndpointPolicy[];
    readonly routing: RoutingPolicy;
    readonly health: HealthPolicy;
    readonly breakers: BreakerPolicy;
    readonly retries: RetryPolicy;
    readonly timeouts: TimeoutPolicy;
    readonly slo: SloPolicy;
    readonly tls: OriginTls;
    /** What becomes of requests: they are forwarded, or their clients are sent to the best endpoint, with this status. */
    readonly mode: 'proxy' | 307 | 308;
    /** What it changes in messages; undefined: nothing. */
    readonly rules: ServiceRules | undefined;
    /** What a GET gets when the endpoints are late or fail; undefined: only what they give. */
    readonly degraded: DegradedPolicy | undefined;
  };

export type Endpoint = EndpointManner &
  EndpointShares & {
    /**
     * `service/cloud/region/host:port`, with the base path behind it when there is one; unique among services and backends. Rows of
     * the endpoint table are kept by it over a reload.
     */
    readonly id: string;
    /** The service, or the backend, that it belongs to. */
    readonly service: string;
    readonly cloud: Cloud;
    readonly region: string;
    readonly place: Place;
    readonly url: EndpointUrl;
    /** Requests in flight that it is built for; at least 1. */
    readonly capacity: number;
    readonly resolve: Resolve;
    readonly protocol: UpstreamProtocol;
    /** How many addresses of its name become endpoints of their own; left out: none does. */
    readonly expand?: number;
    /** The id of the endpoint in the file, of which this is an address. */
    readonly memberOf?: string;
    /** The key of a flag of the fleet; while that is on, the endpoint is never tried. */
    readonly unless?: string;
  };

/** Endpoints by a name, each with one row of the table however many services send to it. */
export type Backend = EndpointPolicy & { readonly endpoints: readonly Endpoint[] };

/** Shares of the four factors; they sum to 1. */
export type Weights = {
  readonly latency: number;
  readonly capacity: number;
  readonly health: number;
  readonly diversity: number;
};

/** How one endpoint is chosen among those that stand alike. */
export type Select = 'best' | 'weighted' | 'optimal';

export type RoutingPolicy = RoutingShares & {
  /** The request header that picks the weights, in lower case. */
  readonly header: string;
  readonly defaultPriority: string;
  readonly select: Select;
  readonly latencyFrom: 'client' | 'edge';
  readonly curve: 'linear' | 'decay';
  /** Whether the loads that endpoints report count beside those that are counted here, and which of their metrics. */
  readonly load: 'counted' | 'reported';
  readonly loadMetric: string;
  /** Scores within this distance of the best are a tie and are spread. */
  readonly band: number;
  readonly failover: 'score' | readonly Cloud[];
  /** Every priority by name: the three published ones, and what the file adds or overrides. */
  readonly priorities: Readonly<Record<string, Weights>>;
  /** Endpoints whose health is below are skipped. */
  readonly healthFloor: number;
  /** Half-life of the window over which a provider's share of requests is taken. */
  readonly diversityHalfLifeMs: number;
  /** A returning endpoint is given a share of requests that rises from a fiftieth to all of them in this time; 0 is off. */
  readonly rampMs: number;
};

export type RetryPolicy = {
  /** Attempts of one request in all, the first included. */
  readonly attempts: number;
  /** Retries as a share of requests over the last ten seconds … */
  readonly budget: number;
  /** … plus this many a second, so that a quiet service can fail over too. Both are kept per edge thread. */
  readonly budgetFloor: number;
  /** A request body up to this size is kept for a second attempt. */
  readonly bufferBytes: number;
  /** Answers with these statuses are tried elsewhere when the method is idempotent. */
  readonly statuses: readonly number[];
  /** An endpoint that keeps refusing with `Retry-After` is left alone for as long as it asks, and no longer than this; 0: not at all. */
  readonly retryAfterMaxMs: number;
};

/** What is promised to the clients of a service. */
export type SloPolicy = {
  /** Share of client requests that are to be answered well; 0.5 to 0.999999. */
  readonly objective: number;
  /** Over which the error budget is counted. */
  readonly windowMs: number;
  /** A burn rate alerts only with this many requests, and this many bad ones, in its longer window. */
  readonly minimumRequests: number;
  readonly minimumErrors: number;
};

/** Whether a condition is alerted on, and how long it must have lasted. */
export type AlertRule = { readonly enabled: boolean; readonly forMs: number };

export type AlertRules = {
  readonly health_critical: AlertRule & { readonly below: number };
  readonly health_warning: AlertRule & { readonly below: number };
  readonly cloud_down: AlertRule;
  readonly breaker_open: AlertRule;
  readonly cut_off: AlertRule;
  readonly edge_missing: AlertRule;
  readonly no_endpoints: AlertRule;
  readonly reload_failed: AlertRule;
  readonly budget_burn: AlertRule;
  readonly geo_old: AlertRule & { readonly olderThanMs: number };
  /** How long before its end a certificate is worth a warning, and when it is critical. */
  readonly certificate_ends: AlertRule & { readonly warningMs: number; readonly criticalMs: number };
  readonly acme_failing: AlertRule;
};

/** Who is notified of alerts. URLs and keys are secrets. */
export type AlertSinks = {
  readonly log: boolean;
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  readonly alertmanager: { readonly urls: readonly string[] } | undefined;
  readonly slack: { readonly url: string } | undefined;
  readonly pagerduty: { readonly routingKey: string; readonly url: string } | undefined;
};

export type AlertSettings = {
  readonly intervalMs: number;
  /** How long its cause must have been gone before an alert is resolved. */
  readonly resolveAfterMs: number;
  readonly timeoutMs: number;
  /** Where alerts outlast a restart; undefined when they do not. */
  readonly stateFile: string | undefined;
  readonly rules: AlertRules;
  readonly sinks: AlertSinks;
};
