import { type AlertChange, type Finding, isOfEdge } from './alert.ts';
import { isoOf } from './iso-time.ts';
import type { Post } from './webhook.ts';

/** An Alertmanager that hears nothing for so many looks, and for at least so long, takes an alert for resolved. */
const LOOKS_MISSED_MAX = 4;
const FORGOTTEN_MS_MIN = 60_000;

/** How long an Alertmanager is told again that an alert is resolved, in case it was away; as Prometheus does. */
export const RESOLVED_KEPT_MS = 15 * 60_000;

/**
 * Every alert that there is, for API v2 of the Alertmanager. It forgets what it is not told again, also when it was
 * restarted, so it is told of everything at every look; it finds by the labels which alert is which.
 */
export function alertmanagerPost(
  url: string,
  changes: readonly AlertChange[],
  at: {
    readonly edge: string;
    readonly fleet?: string | undefined;
    readonly wallMs: number;
    readonly intervalMs: number;
  },
): Post {
  const forgottenMs = Math.max(FORGOTTEN_MS_MIN, LOOKS_MISSED_MAX * at.intervalMs);
  const alerts = changes.map(({ finding, startsAtMs, endsAtMs }) => ({
    labels: { alertname: finding.name, severity: finding.severity, ...whose(finding, at), ...finding.labels },
    annotations: { summary: finding.summary, ...(at.fleet === undefined ? {} : { edge: at.edge }) },
    startsAt: isoOf(startsAtMs),
    endsAt: isoOf(endsAtMs ?? at.wallMs + forgottenMs),
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
