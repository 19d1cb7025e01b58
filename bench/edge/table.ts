import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Loaded } from './autocannon.ts';

export type Row = Loaded & {
  readonly load: string;
  readonly through: string;
  /** CPU time of the measured process per request, in microseconds. */
  readonly cpuUs: number;
};

const BEGIN = '<!-- bench:edge begin -->';
const END = '<!-- bench:edge end -->';

/** The rows as a Markdown table, which reads well on a terminal too. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['load', 'through', 'requests/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'CPU µs/request', 'not answered well'];
  const cells = rows.map((row) => [
    row.load,
    row.through,
    row.requestsPerSecond.toFixed(0),
    ...[row.p50Ms, row.p99Ms, row.p999Ms].map(String),
    row.cpuUs.toFixed(row.cpuUs < 1000 ? 1 : 0),
    String(row.bad),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => (line[i] as string).length)));
  const line = (of: readonly string[]): string =>
    `| ${of.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i < 2 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...cells.map(line)].join('\n');
}

/** The machine and the day that figures are from. */
export function provenance(): string {
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, ${process.platform}`;
}

/** Puts a table into a page between its markers. */
export function writeInto(file: URL, text: string): void {
  const page = readFileSync(file, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`${file.pathname} has no ${BEGIN} … ${END}`);
  writeFileSync(file, `${page.slice(0, from + BEGIN.length)}\n${text}\n${page.slice(to)}`);
}
