import { markdownTable } from '../rig/markdown-table.ts';
import type { Median } from './medians.ts';

const MIB = 1024 * 1024;

/** A proxy a line, a work a column: CPU time of a request, and how often that of the reference it is. */
export function ratioTable(medians: readonly Median[], reference: string): string {
  const works = namesOf(medians, ({ work }) => work);
  const lines = namesOf(medians, ({ through }) => through).map((name) => [
    name,
    ...works.map((work) => ratioCell(find(medians, work, name), find(medians, work, reference))),
  ]);
  return markdownTable([`CPU µs a request (× ${reference})`, ...works], lines, 1);
}

/** Every figure, the proxies of one work below each other. */
export function figuresTable(medians: readonly Median[]): string {
  const head = ['work', 'through', 'CPU µs', 'user', 'system', 'of rounds', 'core busy', 'by others', 'requests/s'];
  const more = ['p50 ms', 'p99 ms', 'p99.9 ms', 'peak MiB', 'failed'];
  const lines = medians.map((one) => [
    one.work,
    one.through,
    ...[one.cpuUs, one.userUs, one.systemUs].map(short),
    `${short(one.cpuUsMin)}–${short(one.cpuUsMax)}`,
    ...[one.busy, one.others].map((share) => `${(share * 100).toFixed(0)} %`),
    one.requestsPerSecond.toFixed(0),
    ...[one.p50Ms, one.p99Ms, one.p999Ms].map((ms) => ms.toFixed(2)),
    (one.peakBytes / MIB).toFixed(0),
    String(one.bad),
  ]);
  return markdownTable([...head, ...more], lines, 2);
}

function ratioCell(one: Median | undefined, reference: Median | undefined): string {
  if (one === undefined) return '-';
  return `${short(one.cpuUs)}${reference === undefined ? '' : ` (${(one.cpuUs / reference.cpuUs).toFixed(2)})`}`;
}

function short(us: number): string {
  return us.toFixed(us < 1000 ? 1 : 0);
}

function find(medians: readonly Median[], work: string, through: string): Median | undefined {
  return medians.find((one) => one.work === work && one.through === through);
}

function namesOf(medians: readonly Median[], name: (one: Median) => string): readonly string[] {
  return [...new Set(medians.map(name))];
}
