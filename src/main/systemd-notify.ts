import { execFile } from 'node:child_process';

/** Tells the service manager. Messages arrive in the order of the calls; resolves when this one has, or could not be sent. */
export type Notify = (...lines: readonly string[]) => Promise<void>;

/** A message that the manager has not taken by then is given up. */
const SEND_MS = 5000;

/**
 * The way to systemd, where it started this process and wants to hear of it (`NOTIFY_SOCKET` is set); undefined elsewhere.
 *
 * The socket is a Unix datagram socket, which Node has not, so systemd's own `systemd-notify` is run for each message: a few a lifetime, and
 * one each half of the watchdog's time. It waits until the manager has read the message, so that the manager still finds out to
 * which unit it belonged; since it is another process than the main one, the unit needs `NotifyAccess=all`.
 */
export function systemdNotify(
  env: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Notify | undefined {
  if ((env['NOTIFY_SOCKET'] ?? '') === '') return undefined;
  let last: Promise<void> = Promise.resolve();
  let warned = false;
  return (...lines) => {
    last = last.then(async () => {
      const problem = await send(lines);
      if (problem !== undefined && !warned) say(`systemd is not told how it goes: ${problem}`);
      warned = problem !== undefined;
    });
    return last;
  };
}

function send(lines: readonly string[]): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  execFile('systemd-notify', lines, { timeout: SEND_MS }, (error, _, complaint) => {
    if (error === null) return resolve(undefined);
    const { code } = error as NodeJS.ErrnoException;
    resolve(code === 'ENOENT' ? 'there is no systemd-notify' : complaint.trim() || error.message);
  });
  return promise;
}
