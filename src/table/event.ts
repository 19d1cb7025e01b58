import type { ChaosKind } from '../config/topology-chaos.ts';
import type { Cloud } from '../config/topology-cloud.ts';
import type { HealthState } from './endpoint-table.ts';
import type { Quality, Source } from './quality.ts';

/** Why a client's connection ended before it could carry a request. */
export const DROP_REASONS = [
  'limit',
  'handshakes',
  'handshake-timeout',
  'connection-rate',
  'handshake-failed',
  'proxy-protocol',
  'server-name',
  'client-certificate',
  'no-descriptors',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/**
 * What happens beside the requests, in one vocabulary: rules and loops emit it, metrics and logs subscribe. What happens
 * on every request is counted in the table's columns instead, and is no event.
 */
export type Event =
  | { readonly type: 'loop-failed'; readonly loop: string; readonly error: string }
  | {
      readonly type: 'breaker-moved';
      readonly scope: 'endpoint' | 'cloud';
      readonly service: string;
      readonly cloud: Cloud;
      /** Empty for a cloud's breaker. */
      readonly region: string;
      readonly from: 'closed' | 'open' | 'half-open';
      readonly to: 'closed' | 'open' | 'half-open';
      /** The endpoint whose attempt or check moved it. */
      readonly by: string;
      /** In words: what that attempt or check met. */
      readonly cause: string;
    }
  | {
      readonly type: 'endpoint-state';
      readonly endpoint: string;
      readonly from: HealthState;
      readonly to: HealthState;
      readonly health: number;
      /** In words: which check failed and how. */
      readonly reason: string;
    }
  /** An endpoint is as unhealthy or degraded as it was, for another reason. */
  | { readonly type: 'endpoint-cause'; readonly endpoint: string; readonly state: HealthState; readonly reason: string }
  | {
      readonly type: 'failed-over';
      readonly from: string;
      readonly to: string;
      readonly reason: string;
      readonly count: number;
    }
  /** Answers from another step of a service's ladder than its endpoints; a refusal has the quality `none`. */
  | {
      readonly type: 'degraded';
      readonly service: string;
      readonly source: Source;
      readonly quality: Quality | 'none';
      readonly count: number;
    }
  /** The copies of a service cannot be kept or read; it goes on without them. */
  | { readonly type: 'cache-failed'; readonly service: string; readonly error: string }
  /** An operator had copies of a service forgotten; `failed` threads have not yet. */
  | { readonly type: 'cache-purged'; readonly service: string; readonly what: string; readonly failed: number }
  | { readonly type: 'panic'; readonly service: string; readonly count: number }
  /** The edge serves; `listen` and `admin` are where. */
  | {
      readonly type: 'started';
      readonly listen: string;
      readonly admin: string;
      readonly file: string;
      readonly services: number;
      readonly endpoints: number;
      readonly threads: number;
      readonly version: string;
      readonly node: string;
    }
  /** A phase of the end begins, and takes at most so long. */
  | { readonly type: 'ending'; readonly phase: 'lame-duck' | 'draining' | 'cutting'; readonly forMs: number }
  | { readonly type: 'ended'; readonly uptimeMs: number }
  /** The process was sent a signal; what it does for it, in words. */
  | { readonly type: 'signal'; readonly signal: string; readonly what: string }
  | { readonly type: 'reloaded'; readonly file: string; readonly services: number; readonly endpoints: number }
  | { readonly type: 'reload-rejected'; readonly file: string; readonly problems: readonly string[] }
  | { readonly type: 'restart-needed'; readonly keys: readonly string[] }
  /** `tls.insecure` of a service, or of some of its endpoints: whoever answers for so many of them is believed. */
  | { readonly type: 'origins-unverified'; readonly service: string; readonly endpoints: number }
  /** A listener shows another certificate from now on. */
  | {
      readonly type: 'certificate-changed';
      /** Its first name. */
      readonly certificate: string;
      readonly file: string;
      /** SHA-256, in hexadecimal. */
      readonly fingerprint: string;
      readonly notAfterMs: number;
    }
  /** What the files at a key hold cannot be used; what was in use before stays. */
  | { readonly type: 'certificate-refused'; readonly key: string; readonly error: string }
  /** An authority has issued a certificate. It is shown once its file has been read. */
  | {
      readonly type: 'acme-obtained';
      readonly domain: string;
      readonly directory: string;
      readonly notAfterMs: number;
      /** When it is to be renewed, by the wall clock. */
      readonly renewMs: number;
      readonly tookMs: number;
    }
  /** An order for a certificate has failed. `failures` in a row; it is tried again in `againMs`. */
  | {
      readonly type: 'acme-failed';
      readonly domain: string;
      readonly directory: string;
      readonly trouble: 'away' | 'limited' | 'refused' | 'wrong';
      readonly error: string;
      readonly failures: number;
      readonly againMs: number;
    }
  | { readonly type: 'geo-swapped'; readonly file: string; readonly builtAtMs: number }
  | { readonly type: 'geo-rejected'; readonly file: string; readonly error: string }
  | { readonly type: 'addresses-changed'; readonly host: string; readonly addresses: readonly string[] }
  /** Connections could not be made for want of something at this machine: EMFILE, EADDRNOTAVAIL … */
  | { readonly type: 'resources-short'; readonly code: string; readonly count: number }
  | { readonly type: 'resolve-recovered'; readonly host: string }
  | { readonly type: 'resolve-failed'; readonly host: string; readonly error: string; readonly keptLastGood: boolean }
  | {
      readonly type: 'chaos-started';
      readonly experiment: string;
      readonly kind: ChaosKind;
      readonly radius: number;
      readonly forMs: number;
      readonly by: 'file' | 'api' | 'fleet';
    }
  | {
      readonly type: 'chaos-stopped';
      readonly experiment: string;
      readonly reason: 'expired' | 'operator' | 'guard' | 'reload' | 'fleet';
      /** In words. */
      readonly detail: string;
    }
  | { readonly type: 'chaos-injected'; readonly experiment: string; readonly kind: ChaosKind; readonly count: number }
  /** What operators decided about endpoints, at any edge of the fleet, takes effect here or ends. */
  | {
      readonly type: 'override-changed';
      readonly kind: 'drain' | 'weight' | 'capacity';
      /** A cloud, a region of it, or an endpoint. */
      readonly scope: string;
      readonly status: 'in-force' | 'lifted' | 'ended';
      readonly level: number | null;
      /** By the wall clock; null is forever. */
      readonly untilMs: number | null;
      readonly actor: string;
      readonly reason: string;
      /** Where it was said. */
      readonly edge: string;
    }
  | {
      readonly type: 'alert';
      readonly status: 'firing' | 'resolved';
      readonly alert: string;
      readonly severity: 'critical' | 'warning';
      readonly labels: Readonly<Record<string, string>>;
      readonly summary: string;
    }
  | { readonly type: 'sink-failed'; readonly sink: string; readonly error: string }
  | { readonly type: 'sink-recovered'; readonly sink: string }
  | { readonly type: 'alert-state-rejected'; readonly file: string; readonly error: string }
  /** A region's store cannot be used, or only in part; emitted when that begins and when its cause changes. */
  | { readonly type: 'fleet-trouble'; readonly region: string; readonly cause: string }
  | { readonly type: 'fleet-recovered'; readonly region: string }
  | {
      readonly type: 'fleet-record-unreadable';
      readonly region: string;
      readonly key: string;
      readonly error: string;
    }
  /** Edges wrote a key without having seen each other's writes; the key's merge makes one value of them. */
  | { readonly type: 'fleet-conflict'; readonly key: string; readonly edges: readonly string[] }
  /** Stores were taken in as voters about strong values; `founded`: all together, with what each has on its disk. */
  | {
      readonly type: 'fleet-voters';
      readonly admitted: readonly string[];
      readonly founded: boolean;
      readonly voters: number;
      readonly edge: string;
    }
  /** A flag that the file names was switched, at any edge of the fleet; so many endpoints are not tried, and rules of `match` hold, while it is on. */
  | {
      readonly type: 'flag-switched';
      readonly flag: string;
      readonly on: boolean;
      readonly endpoints: number;
      readonly rules: number;
    }
  /** Somebody has written a value of the fleet at this edge, or tried to. */
  | {
      readonly type: 'fleet-value';
      readonly key: string;
      readonly order: 'set' | 'delete';
      readonly consistency: 'eventual' | 'strong';
      readonly result: 'acknowledged' | 'here' | 'conflict' | 'refused' | 'limited' | 'unknown';
      readonly actor: string;
      /** The version that it has now, in short; empty when it was not written. */
      readonly version: string;
      /** In words; empty when it was written. */
      readonly why: string;
    }
  | { readonly type: 'connections-dropped'; readonly reason: DropReason; readonly count: number }
  /** The process may open no more files or connections; the system's limit is reached. */
  | { readonly type: 'descriptors-exhausted'; readonly error: string }
  /** Something that cannot be has been; what it was about went on as well as it could. */
  | { readonly type: 'bug'; readonly where: string; readonly count: number; readonly error: string }
  /** An uncaught error; the thread finishes what it has, and another takes its place. */
  | { readonly type: 'worker-failed'; readonly worker: number; readonly error: string }
  | { readonly type: 'worker-started'; readonly worker: number }
  | { readonly type: 'worker-died'; readonly worker: number; readonly error: string };

export type Emit = (event: Event) => void;
