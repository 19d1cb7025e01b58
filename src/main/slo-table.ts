import { durationText } from '../config/duration.ts';
import { shareText } from '../config/share.ts';
import type { Service } from '../config/topology.ts';
import { allowanceText, allowedDownMs, PUBLISHED_OBJECTIVES, YEAR_MS } from '../observe/slo-allowance.ts';
import type { SloReport } from '../observe/slo-report.ts';
import { textTable } from './text-table.ts';

const DAY_MS = 24 * 3_600_000;
const MONTH_MS = 30 * DAY_MS;

/** What the published objectives allow. */
export function publishedTable(): string {
  const rows = PUBLISHED_OBJECTIVES.map((objective) => [
    shareText(objective, 6),
    ...[YEAR_MS, MONTH_MS, DAY_MS].map((ms) => allowanceText(allowedDownMs(objective, ms))),
  ]);
  return table([['objective', 'down a year', 'in 30 days', 'a day'], ...rows]);
}

/** What the objective of each service allows. */
export function budgetTable(services: readonly Pick<Service, 'name' | 'slo'>[]): string {
  const rows = services.map(({ name, slo }) => [
    name,
    shareText(slo.objective, 6),
    allowanceText(allowedDownMs(slo.objective, YEAR_MS)),
    `${allowanceText(allowedDownMs(slo.objective, slo.windowMs))} in ${durationText(slo.windowMs)}`,
  ]);
  return table([['service', 'objective', 'down a year', 'budget'], ...rows]);
}

/** How each service does now, by what its edge remembers. */
export function liveTable(reports: readonly SloReport[]): string {
  const windows = Object.keys(reports[0]?.burnRates ?? {});
  const rows = reports.map((report) => [
    report.service,
    String(report.good + report.bad),
    String(report.bad),
    report.good + report.bad === 0 ? '-' : `${(100 * report.sli).toFixed(4)} %`,
    `${(100 * report.budgetLeft).toFixed(1)} %`,
    ...windows.map((window) => (report.burnRates[window] ?? 0).toFixed(1)),
    report.burning.length === 0 ? '' : `burning (${report.burning.map(({ long }) => long).join(', ')})`,
  ]);
  const head = [
    'service',
    'requests',
    'bad',
    'good share',
    'budget left',
    ...windows.map((name) => `burn ${name}`),
    '',
  ];
  return table([head, ...rows]);
}

/** What the published objectives allow, for programs. */
export function allowances(): readonly object[] {
  return PUBLISHED_OBJECTIVES.map((objective) => ({ objective, downMsAYear: allowedDownMs(objective, YEAR_MS) }));
}

/** What the objective of each service allows, for programs. */
export function budgets(services: readonly Pick<Service, 'name' | 'slo'>[]): readonly object[] {
  return services.map(({ name, slo: { objective, windowMs } }) => ({
    service: name,
    objective,
    downMsAYear: allowedDownMs(objective, YEAR_MS),
    windowMs,
    budgetMs: allowedDownMs(objective, windowMs),
  }));
}

/** Names are on the left, figures on the right. */
function table(rows: readonly (readonly string[])[]): string {
  return textTable(rows, [...(rows[0]?.keys() ?? [])].slice(1));
}
