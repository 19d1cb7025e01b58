import type { EndpointCondition } from '../compose/endpoint-condition.ts';
import { conditionLines } from './condition-text.ts';
import type { Cell } from './text-table.ts';
import { textTable } from './text-table.ts';

/** What is used of what an edge says of its alerts. */
export type AlertsAnswer = {
  readonly alerts: readonly {
    readonly alert: string;
    readonly state: string;
    readonly severity: string;
    readonly summary: string;
    readonly since: string;
    readonly told_by: string;
    readonly covered_by: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
    /** How the endpoint is that it is about, if it is about one. */
    readonly endpoint?: EndpointCondition;
  }[];
  readonly sinks: readonly {
    readonly sink: string;
    readonly up: boolean;
    readonly waiting: number;
    readonly lastError: string | null;
  }[];
};

/** When it is, by the wall clock, and the folder with the page for each alert, if it came along. */
export type AlertsShown = {
  readonly coloured: boolean;
  readonly nowMs: number;
  readonly runbooks: string | undefined;
};

/**
 * Alerts, the critical ones first; how the endpoints are that they are about; sinks that cannot be reached; and where it stands what to do about those that
 * no other alert covers.
 */
export function alertsText({ alerts, sinks }: AlertsAnswer, { coloured, nowMs, runbooks }: AlertsShown): string {
  const sorted = alerts.toSorted((a, b) => rank(a.severity) - rank(b.severity) || a.since.localeCompare(b.since));
  const rows = sorted.map(({ severity, state, alert, since, summary, covered_by: covers }): readonly Cell[] => [
    { text: severity, style: severity === 'critical' ? 'bad' : 'warn' },
    state,
    since,
    alert,
    covers.length === 0 ? summary : `${summary} (suppressed, for it is covered by ${covers.join(' and ')})`,
  ]);
  const table =
    rows.length === 0
      ? 'Nothing to alert on.\n'
      : textTable([['SEVERITY', 'STATE', 'SINCE', 'ALERT', 'WHAT'], ...rows], [], coloured);
  const deaf = sinks
    .filter(({ up }) => !up)
    .map(({ sink, waiting, lastError }) => `${sink} is not reached, ${waiting} wait: ${lastError ?? 'no answer'}\n`);
  const conditions = new Map(
    sorted.flatMap(({ labels: { endpoint: id }, endpoint }) => (id && endpoint ? [[id, endpoint] as const] : [])),
  );
  const why = [...conditions]
    .flatMap(([id, endpoint]) => conditionLines(id, endpoint, nowMs))
    .map((line) => `${line}\n`);
  const names = new Set(sorted.filter(({ covered_by: covers }) => covers.length === 0).map(({ alert }) => alert));
  const pages = runbooks === undefined ? [] : [...names].map((name) => `what to do: ${runbooks}/${pageOf(name)}\n`);
  return [[table], why, deaf, pages]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join(''))
    .join('\n');
}

/** `MeridianCloudDown` is in `meridian-cloud-down.md`. */
function pageOf(alert: string): string {
  return `${alert.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`;
}

function rank(severity: string): number {
  return severity === 'critical' ? 0 : 1;
}
