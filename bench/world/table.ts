import { markdownTable } from '../rig/markdown-table.ts';
import type { Summary } from './figures.ts';

/** One line: what somebody came to in a scenario, and what the oracle did. */
export type Line = {
  readonly scenario: string;
  readonly who: string;
  readonly rate: number;
  readonly endpoints: number;
  /** One for each seed. */
  readonly summaries: readonly Summary[];
  readonly oracles: readonly Summary[];
};

const HEAD = [
  'scenario',
  'who',
  'mean ms',
  '× oracle',
  'p95 ×',
  'p99 ×',
  'failed GET %',
  'failed %',
  'over 1 s %',
  'abroad %',
  'busiest %',
  'waver',
  'kept %',
  'away s',
  'back s',
  'over s',
  'clouds',
];

/** A table for each world: its rate and its endpoints. */
export function tablesOf(lines: readonly Line[]): string {
  const titled = Map.groupBy(lines, ({ rate, endpoints }) => `${rate} requests a second, ${endpoints} endpoints`);
  return [...titled].map(([title, those]) => `${title}:\n\n${tableOf(those)}`).join('\n\n');
}

/** The lines as a table: means over the seeds of each. */
export function tableOf(lines: readonly Line[]): string {
  return markdownTable(HEAD, lines.map(cells), 2);
}

function cells({ scenario, who, summaries, oracles }: Line): readonly string[] {
  const mean = (of: (summary: Summary, at: number) => number) =>
    summaries.reduce((sum, summary, at) => sum + of(summary, at), 0) / summaries.length;
  const over = (key: 'meanMs' | 'p95Ms' | 'p99Ms') =>
    mean((summary, at) => summary[key] / (oracles[at]?.[key] ?? Number.NaN));
  return [
    scenario,
    who,
    figure(
      mean(({ meanMs }) => meanMs),
      1,
    ),
    figure(over('meanMs'), 3),
    figure(over('p95Ms'), 2),
    figure(over('p99Ms'), 2),
    percent(mean(({ failedGet }) => failedGet)),
    percent(mean(({ failed }) => failed)),
    percent(mean(({ slow }) => slow)),
    figure(100 * mean(({ abroad }) => abroad), 1),
    figure(100 * mean(({ busiest }) => busiest), 0),
    figure(
      mean(({ waver }) => waver),
      2,
    ),
    figure(100 * mean(({ kept }) => kept), 1),
    figure(mean(({ awayMs }) => awayMs) / 1000, 1),
    figure(mean(({ backMs }) => backMs) / 1000, 1),
    figure(mean(({ overMs }) => overMs) / 1000, 1),
    figure(
      mean(({ fairness }) => fairness),
      3,
    ),
  ];
}

function figure(value: number, digits: number): string {
  if (Number.isNaN(value)) return '';
  return value === Number.POSITIVE_INFINITY ? 'never' : value.toFixed(digits);
}

/** 0 is none at all. */
function percent(share: number): string {
  return share === 0 ? '0' : (100 * share).toFixed(3);
}
