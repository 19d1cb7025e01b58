import type { Alert, AlertChange, AlertRuleName, Finding } from './alert.ts';

export type Alerts = ReadonlyMap<string, Alert>;

/** When it is: by the clock that never jumps, for how long things last, and by the one that people read. */
export type Now = { readonly nowMs: number; readonly wallMs: number };

export type StepPolicy = {
  /** How long a finding of a rule must have lasted before it fires. */
  readonly forMs: (rule: AlertRuleName) => number;
  /** How long its cause must have been gone before an alert is resolved. */
  readonly resolveAfterMs: number;
};

/** Alerts that are followed at a time; of more findings, the most severe are. */
export const ALERTS_MAX = 4096;

/**
 * One look: which alerts there are now, and which changes to notify of. Nothing is notified twice; nobody is notified that
 * something is resolved without having been notified that it fires; and what another alert covers is notified only when it outlasts that.
 */
export function step(
  alerts: Alerts,
  findings: readonly Finding[],
  now: Now,
  policy: StepPolicy,
): { readonly alerts: Alerts; readonly changes: readonly AlertChange[] } {
  const next = new Map<string, Alert>();
  for (const finding of mostSevere(findings)) {
    next.set(finding.key, seen(alerts.get(finding.key), finding, now, policy));
  }
  const changes: AlertChange[] = [];
  for (const [key, alert] of alerts) {
    if (next.has(key) || alert.state === 'pending') continue;
    if (now.nowMs - alert.seenMs < policy.resolveAfterMs) next.set(key, alert);
    else if (alert.announced) changes.push(changeOf(alert, now.wallMs));
  }
  for (const [key, alert] of next) {
    if (alert.state === 'pending' || alert.announced) continue;
    if (coversOf(alert, next).length > 0) {
      next.set(key, { ...alert, coveredMs: now.nowMs });
      continue;
    }
    if (isQuiet(alert, now.nowMs)) continue;
    // What is gone already but not yet for long enough was covered while it lasted: that was all to say.
    if (alert.seenMs !== now.nowMs) continue;
    next.set(key, { ...alert, announced: true });
    changes.push(changeOf(alert));
  }
  return { alerts: next, changes };
}

/** What a sink gets of an alert; with an end, that it is resolved. */
export function changeOf({ finding, startsAtMs }: Alert, endsAtMs?: number): AlertChange {
  return { status: endsAtMs === undefined ? 'firing' : 'resolved', finding, startsAtMs, endsAtMs };
}

function seen(known: Alert | undefined, finding: Finding, { nowMs, wallMs }: Now, policy: StepPolicy): Alert {
  const alert: Alert = known ?? {
    finding,
    state: 'pending',
    sinceMs: nowMs,
    seenMs: nowMs,
    startsAtMs: wallMs,
    announced: false,
  };
  const fires = alert.state === 'firing' || nowMs - alert.sinceMs >= policy.forMs(finding.rule);
  return { ...alert, finding, seenMs: nowMs, state: fires ? 'firing' : 'pending' };
}

/** The alerts, by key, that suppress this one. */
export function coversOf({ finding }: Pick<Alert, 'finding'>, alerts: Alerts): readonly string[] {
  const { coveredBy, yieldsTo = [] } = finding;
  return [
    ...coveredBy.filter((key) => alerts.get(key)?.state === 'firing'),
    ...yieldsTo.filter((key) => alerts.get(key)?.announced === true),
  ];
}

function isQuiet({ finding, coveredMs }: Alert, nowMs: number): boolean {
  return coveredMs !== undefined && nowMs - coveredMs < (finding.quietMs ?? 0);
}

function mostSevere(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= ALERTS_MAX) return findings;
  const rank = ({ severity }: Finding) => (severity === 'critical' ? 0 : 1);
  return findings.toSorted((a, b) => rank(a) - rank(b)).slice(0, ALERTS_MAX);
}
