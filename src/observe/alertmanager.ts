import { type AlertChange, type Finding, isOfEdge } from './alert.ts';
import { isoOf } from './iso-time.ts';
import type { Post } from './webhook.ts';

/** An Alertmanager that hears nothing for so many looks (or timeouts), and for at least so long, takes an alert for resolved. */
const LOOKS_MISSED_MAX = 4;
const FORGOTTEN_MS_MIN = 60_000;
/** Tries that there is time for before it does: each takes a pause and a timeout, both at most so much of the time. */
const TRY_SHARE = 1 / 4;

export type Rhythm = {
  /** Between two looks, each of which tells it everything. */
  readonly intervalMs: number;
  /** Within which it must have answered. */
  readonly timeoutMs: number;
};

/** How long an Alertmanager keeps an alert that it is not sent again. */
export function forgottenMs({ intervalMs, timeoutMs }: Rhythm): number {
  return Math.max(FORGOTTEN_MS_MIN, LOOKS_MISSED_MAX * intervalMs, timeoutMs / TRY_SHARE);
}

/** The longest pause after a delivery that failed: so short that two more fit in before anything is forgotten. */
export function resendMaxMs(rhythm: Rhythm): number {
  return forgottenMs(rhythm) * TRY_SHARE;
}

/** How long an Alertmanager is sent again that an alert is resolved, in case it was away; as Prometheus does. */
export const RESOLVED_KEPT_MS = 15 * 60_000;

/**
 * Every alert that there is, for API v2 of the Alertmanager. It forgets what it is not sent again, also when it was
 * restarted, so it gets everything at every look; it finds by the labels which alert is which.
 */
export function alertmanagerPost(
  url: string,
  changes: readonly AlertChange[],
  at: { readonly edge: string; readonly fleet?: string | undefined; readonly wallMs: number } & Rhythm,
): Post {
  const alerts = changes.map(({ finding, startsAtMs, endsAtMs }) => ({
    labels: { alertname: finding.name, severity: finding.severity, ...whose(finding, at), ...finding.labels },
    annotations: { summary: finding.summary, ...(at.fleet === undefined ? {} : { edge: at.edge }) },
    startsAt: isoOf(startsAtMs),
    endsAt: isoOf(endsAtMs ?? at.wallMs + forgottenMs(at)),
  }));
  return { url: `${url.replace(/\/+$/, '')}/api/v2/alerts`, body: JSON.stringify(alerts) };
}

/** Labels say which alert is which: one of a fleet is the same from whichever edge it comes. */
function whose(
  finding: Finding,
  { edge, fleet }: { readonly edge: string; readonly fleet?: string | undefined },
): Readonly<Record<string, string>> {
  return fleet === undefined || isOfEdge(finding) ? { edge } : {};
}
