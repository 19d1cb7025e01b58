import type { AlertRules } from '../config/topology.ts';

export type Severity = 'critical' | 'warning';

/** What is alerted on: the rules of the file, and what experiments and guards raise of themselves. */
export type AlertRuleName = keyof AlertRules | 'raised';

/** Something that is wrong now. Findings with one key are the same trouble. */
export type Finding = {
  /** Unique and stable: the rule and what it is about. */
  readonly key: string;
  readonly rule: AlertRuleName;
  /** For people and label values: `endpoint_health_critical`. */
  readonly name: string;
  readonly severity: Severity;
  /** What it is about: service, cloud, region, endpoint, window. Names are those of metric labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** While one of these is firing, this is suppressed: it says the same of more. */
  readonly coveredBy: readonly string[];
  /** So it is while one of these has been notified and has not ended: it says as much. */
  readonly yieldsTo?: readonly string[];
  /** And for so long after its covers have ended: until then it may be made of nothing but what they were about. */
  readonly quietMs?: number;
};

/** A finding that is being followed. `sinceMs`, `seenMs` are by the monotonic clock; `startsAtMs` by the wall clock. */
export type Alert = {
  readonly finding: Finding;
  readonly state: 'pending' | 'firing';
  readonly sinceMs: number;
  readonly seenMs: number;
  readonly startsAtMs: number;
  /** Whether anybody was notified that it fires; only then is it notified as resolved. */
  readonly announced: boolean;
  /** When it was last seen to be covered, by the monotonic clock. */
  readonly coveredMs?: number;
};

/** What sinks get. */
export type AlertChange = {
  readonly status: 'firing' | 'resolved';
  readonly finding: Finding;
  readonly startsAtMs: number;
  /** When it was resolved, by the wall clock; undefined while it fires. */
  readonly endsAtMs: number | undefined;
};

/** An alert about the edge that raises it, so no two edges have the same. */
export function isOfEdge({ rule }: Pick<Finding, 'rule'>): boolean {
  return rule === 'cut_off';
}
