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
  }[];
  readonly sinks: readonly {
    readonly sink: string;
    readonly up: boolean;
    readonly waiting: number;
    readonly lastError: string | null;
  }[];
};

/** Alerts, the critical ones first, and sinks that cannot be reached. */
export function alertsText({ alerts, sinks }: AlertsAnswer, coloured: boolean): string {
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
  return `${table}${deaf.length === 0 ? '' : `\n${deaf.join('')}`}`;
}

function rank(severity: string): number {
  return severity === 'critical' ? 0 : 1;
}
