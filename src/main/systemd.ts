import { spawn } from 'node:child_process';

type Env = Readonly<Record<string, string | undefined>>;

/** Runs a program and resolves when it has ended, however it did. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<void>;
/** Calls back again and again, as long as the process lives. */
export type Every = (periodMs: number, call: () => void) => void;

export type Supervisor = {
  /** It serves; from now on the watchdog is told that it is alive. */
  readonly ready: (status: string) => void;
  /** What `systemctl status` shows. */
  readonly status: (status: string) => void;
  /** It was told to end. */
  readonly stopping: () => void;
};

const NOBODY: Supervisor = { ready: () => {}, status: () => {}, stopping: () => {} };

/**
 * Tells systemd how the edge is, if that asked for it (`Type=notify`, `WatchdogSec=`). It wants datagrams on a socket of the file system,
 * which Node does not have; `systemd-notify`, which is there wherever systemd is, sends them. The watchdog is fed by the control thread's
 * own timer: one that hangs does not, and is started anew.
 */
export function supervisor(
  env: Env,
  { pid, runProgram, every }: { readonly pid: number; readonly runProgram: RunProgram; readonly every: Every },
): Supervisor {
  if ((env['NOTIFY_SOCKET'] ?? '') === '') return NOBODY;
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let ending = false;
  const notify = (...assignments: string[]) => {
    waiting += 1;
    // One after the other: systemd is to hear of them in their order.
    last = last.then(() => runProgram('systemd-notify', assignments)).finally(() => (waiting -= 1));
  };
  return {
    ready: (status) => {
      notify('READY=1', `STATUS=${status}`);
      const periodMs = watchdogMs(env, pid);
      if (periodMs === undefined) return;
      every(periodMs, () => {
        if (waiting === 0) notify('WATCHDOG=1');
      });
    },
    status: (status) => {
      if (!ending) notify(`STATUS=${status}`);
    },
    stopping: () => {
      if (!ending) notify('STOPPING=1', 'STATUS=draining');
      ending = true;
    },
  };
}

/** Half of the time after which systemd gives up on us; undefined where it does not. */
function watchdogMs(env: Env, pid: number): number | undefined {
  const us = Number(env['WATCHDOG_USEC'] ?? '');
  const whose = env['WATCHDOG_PID'] ?? '';
  if (!(us > 0) || (whose !== '' && Number(whose) !== pid)) return undefined;
  return Math.max(1, us / 2000);
}

export const runProgram: RunProgram = (program, args) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const child = spawn(program, args, { stdio: 'ignore' });
  child.once('error', () => resolve());
  child.once('exit', () => resolve());
  return promise;
};

export const every: Every = (periodMs, call) => void setInterval(call, periodMs).unref();
