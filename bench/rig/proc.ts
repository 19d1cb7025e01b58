import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What the kernel says of a process. Linux only: the figures come from /proc. */
let ticksPerSecond: number | undefined;

/** CPU time so far, in seconds: in the program's own code, and in the kernel for it. */
export type CpuTime = { readonly user: number; readonly system: number };

/** CPU time of all threads of a process so far, in seconds; whole clock ticks, usually hundredths. */
export function cpuSeconds(pid: number): number {
  const { user, system } = cpuTime(pid);
  return user + system;
}

/** CPU time of the threads that a process has, in seconds, by the scheduler's count of nanoseconds: for what takes less than a clock tick. */
export function fineCpuSeconds(pid: number): number {
  const ns = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return ns.reduce((sum, one) => sum + one, 0) / 1e9;
}

/** CPU time of one thread of a process so far, in seconds; the first thread has the number of the process. */
export function threadCpuSeconds(pid: number, thread: number): number {
  const { user, system } = timeOf(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'));
  return user + system;
}

/** CPU time of a process and all its descendants that live. Of those that have ended, nothing. */
export function cpuTimeOfTree(pid: number): CpuTime {
  const times = [pid, ...childrenOf(pid)].map(cpuTime);
  const sum = (of: (time: CpuTime) => number): number => times.reduce((total, time) => total + of(time), 0);
  return { user: sum(({ user }) => user), system: sum(({ system }) => system) };
}

/** Time that a core has run anything at all, in seconds: neither idle, nor waiting for a disk. */
export function coreSeconds(core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  if (line === undefined) throw new Error(`/proc/stat has no core ${core}`);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(' ').map(Number);
  return (user + nice + system + irq + softirq) / ticks();
}

/** Resident memory of a process now, and the most it was since it began or `forgetPeak`, in bytes. */
export function residentBytes(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { now: kib(status, 'VmRSS'), most: kib(status, 'VmHWM') };
}

/** The same for a process and its descendants. Pages that several of them share are counted for each. */
export function residentBytesOfTree(pid: number): { readonly now: number; readonly most: number } {
  const sizes = [pid, ...childrenOf(pid)].map(residentBytes);
  return { now: sizes.reduce((sum, { now }) => sum + now, 0), most: sizes.reduce((sum, { most }) => sum + most, 0) };
}

/** Lets the peak of resident memory of a process and its descendants begin anew from what it is now. */
export function forgetPeak(pid: number): void {
  for (const one of [pid, ...childrenOf(pid)]) writeFileSync(`/proc/${one}/clear_refs`, '5');
}

/** The descendants of a process that live, nearest first; none where there is no /proc. */
export function childrenOf(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const one of processes()) {
    const parent = parentOf(one);
    if (parent !== undefined) parents.set(one, parent);
  }
  const found = [pid];
  for (const ancestor of found) {
    for (const [child, parent] of parents) if (parent === ancestor) found.push(child);
  }
  return found.slice(1);
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return undefined;
  }
}

function cpuTime(pid: number): CpuTime {
  return timeOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function timeOf(stat: string): CpuTime {
  const fields = fieldsOf(stat);
  return { user: Number(fields[11]) / ticks(), system: Number(fields[12]) / ticks() };
}

/** Clock ticks of /proc in a second. */
function ticks(): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticksPerSecond;
}

/** The fields of /proc/PID/stat from the third on. The name before them, in brackets, may hold anything. */
function statOf(pid: number): readonly string[] {
  return fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function fieldsOf(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function kib(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  if (found === undefined) throw new Error(`/proc has no ${name}`);
  return Number(found) * 1024;
}
