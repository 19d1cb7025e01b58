import type { ReloadResult } from '../compose/reloader.ts';
import { monotonicUs } from '../table/system-clock.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import { type Notify, systemdNotify } from './systemd-notify.ts';

export type SupervisionDeps = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly say: (line: string) => void;
  /** Whether every edge thread answers within this time. */
  readonly answering: (withinMs: number) => Promise<boolean>;
  readonly notify?: Notify | undefined;
};

/** Says to systemd how an edge is that it started; each call does nothing where it did not. */
export type Supervision = {
  /** It serves; the watchdog is fed from now on. */
  readonly ready: (status: string) => void;
  /** It reads its file again: from the call until `reload` has resolved it is reloading. */
  readonly reloading: (reload: () => Promise<ReloadResult>) => Promise<void>;
  readonly stopping: (status: string) => void;
  /** It has ended. */
  readonly close: () => void;
};

/**
 * The states of sd_notify(3). The watchdog is fed by the control thread, and only while the edge threads answer it: whichever of them
 * stands still, systemd ends the process and starts it anew.
 */
export function supervision({
  env,
  pid,
  say,
  answering,
  notify = systemdNotify(env, say),
}: SupervisionDeps): Supervision {
  if (notify === undefined) return UNSUPERVISED;
  const watchdog = watchdogMs(env, pid);
  let timer: Timer | undefined;
  let silent = false;
  let closed = false;
  let serving = '';
  const feed = async (): Promise<void> => {
    const answered = await answering(watchdog / 4);
    if (closed) return;
    timer = startTimer(watchdog / 2, () => void feed(), undefined);
    if (answered) void notify('WATCHDOG=1');
    else if (!silent) say('an edge thread does not answer; the watchdog of systemd is not fed meanwhile');
    silent = !answered;
  };
  return {
    ready: (status) => {
      serving = `STATUS=${status}`;
      void notify('READY=1', serving);
      if (watchdog > 0) void feed();
    },
    reloading: async (reload) => {
      void notify('RELOADING=1', `MONOTONIC_USEC=${monotonicUs()}`);
      const result = await reload();
      const problems = result.ok ? 0 : result.problems.length;
      const bad = `STATUS=the file has ${problems} problem${problems === 1 ? '' : 's'}; what was in force stays`;
      void notify('READY=1', result.ok ? serving : bad);
    },
    stopping: (status) => void notify('STOPPING=1', `STATUS=${status}`),
    close: () => {
      closed = true;
      stopTimer(timer);
    },
  };
}

const UNSUPERVISED: Supervision = {
  ready: () => {},
  reloading: async (reload) => void (await reload()),
  stopping: () => {},
  close: () => {},
};

/** How often the manager wants to hear of this process, in ms; 0: never (sd_watchdog_enabled(3)). */
function watchdogMs(env: SupervisionDeps['env'], pid: number): number {
  const { WATCHDOG_USEC: usec = '', WATCHDOG_PID: of = '' } = env;
  return /^\d{1,15}$/.test(usec) && (of === '' || of === String(pid)) ? Number(usec) / 1000 : 0;
}
