import { chmodSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { systemdNotify } from '../../../src/main/systemd-notify.ts';
import { temporaryFolder } from '../../support/process.ts';

afterEach(() => void vi.unstubAllEnvs());

/** A `systemd-notify` that writes down what it is told, after the time that the first word says. */
function fake(body: string) {
  const folder = temporaryFolder();
  chmodSync(folder.write('systemd-notify', `#!/bin/sh\n${body}\n`), 0o755);
  vi.stubEnv('PATH', `${folder.path}${delimiter}${process.env['PATH']}`);
  return () => readFileSync(`${folder.path}/told`, 'utf8');
}

test('messages arrive whole and in order', async () => {
  const told = fake('sleep "0.$(expr 2 - $#)"; echo "$*" >> "$(dirname "$0")/told"');
  const notify = systemdNotify({ NOTIFY_SOCKET: '/run/x' }, () => {});
  void notify?.('READY=1');
  await notify?.('STOPPING=1', 'STATUS=draining for at most 10 s');
  expect(told()).toBe('READY=1\nSTOPPING=1 STATUS=draining for at most 10 s\n');
});

test('what cannot be told is said once, until it can again', async () => {
  fake('echo "no such socket" >&2; exit 1');
  const said: string[] = [];
  const notify = systemdNotify({ NOTIFY_SOCKET: '/run/x' }, (line) => said.push(line));
  await notify?.('READY=1');
  await notify?.('WATCHDOG=1');
  vi.stubEnv('PATH', '/nowhere');
  await notify?.('WATCHDOG=1');
  expect(said).toEqual(['systemd is not told how it goes: no such socket']);
  const other = systemdNotify({ NOTIFY_SOCKET: '/run/x' }, (line) => said.push(line));
  await other?.('READY=1');
  expect(said[1]).toBe('systemd is not told how it goes: there is no systemd-notify');
});

test.each([{}, { NOTIFY_SOCKET: '' }])('%j: there is nobody to tell', (env) => {
  expect(systemdNotify(env, () => {})).toBeUndefined();
});
