import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Threads of a process, and where and when the kernel has them run. Linux only. */

/** What the kernel has counted of a thread so far, in nanoseconds: on a core, and ready while another was there. */
export type Scheduled = { readonly ranNs: number; readonly waitedNs: number };

/** Numbers of the threads of a process; the first has that of the process. */
export function threadsOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).map(Number);
}

export function scheduledOf(pid: number, thread: number): Scheduled {
  const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ').map(Number);
  return { ranNs: ran, waitedNs: waited };
}

/** The thread beside the first one that has run longest: of an edge under load with one edge thread, that. */
export function busiestThread(pid: number): number {
  const others = threadsOf(pid).filter((thread) => thread !== pid);
  return others.toSorted((a, b) => scheduledOf(pid, b).ranNs - scheduledOf(pid, a).ranNs)[0] as number;
}

/** Has a thread run on this core alone, from now on. Throws where there is no `taskset`. */
export function pinThread(thread: number, core: number): void {
  execFileSync('taskset', ['-cp', String(core), String(thread)], { stdio: 'ignore' });
}

/** Has a thread go before others that are not as urgent, -20 to 19; false where this user may not. */
export function hurry(thread: number, priority: number): boolean {
  try {
    setPriority(thread, priority);
    return true;
  } catch {
    return false;
  }
}

/**
 * Has a thread run as soon as it is ready, whatever else wants its core (real time, in turn with its like); false where this user may not.
 * A thread that never rests would keep its core for itself.
 */
export function runAtOnce(thread: number): boolean {
  try {
    execFileSync('chrt', ['--rr', '--pid', '1', String(thread)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
