import { markdownTable } from '../rig/markdown-table.ts';
import type { Loaded } from './autocannon.ts';

export type Row = Loaded & {
  readonly load: string;
  readonly through: string;
  /** CPU time of the measured process per request, in microseconds. */
  readonly cpuUs: number;
};

/** The rows as a Markdown table, which reads well on a terminal too. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['load', 'through', 'requests/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'CPU µs/request', 'not answered well'];
  const lines = rows.map((row) => [
    row.load,
    row.through,
    row.requestsPerSecond.toFixed(0),
    ...[row.p50Ms, row.p99Ms, row.p999Ms].map(String),
    row.cpuUs.toFixed(row.cpuUs < 1000 ? 1 : 0),
    String(row.bad),
  ]);
  return markdownTable(head, lines, 2);
}
