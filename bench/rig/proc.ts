import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the kernel says of a process. Linux only: the figures come from /proc. */
let ticksPerSecond: number | undefined;

/** CPU time of all threads of a process so far, in seconds; whole clock ticks, usually hundredths. */
export function cpuSeconds(pid: number): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold anything; the fields after it count from the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process now, and the most it ever was, in bytes. */
export function residentBytes(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { now: kib(status, 'VmRSS'), most: kib(status, 'VmHWM') };
}

function kib(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  if (found === undefined) throw new Error(`/proc has no ${name}`);
  return Number(found) * 1024;
}
