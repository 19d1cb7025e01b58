import { chmodSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { expect, test, vi } from 'vitest';
import { type Every, type RunProgram, supervisor } from '../../../src/main/systemd.ts';
import { startOrigin } from '../../support/origin.ts';
import { run, temporaryFolder } from '../../support/process.ts';
import { threeCloudsYaml } from '../../support/rig.ts';

function staged(env: Readonly<Record<string, string>>) {
  const told: string[] = [];
  const beats: { periodMs: number; call: () => void }[] = [];
  const runProgram: RunProgram = async (program, args) => void told.push(`${program} ${args.join(' ')}`);
  const every: Every = (periodMs, call) => void beats.push({ periodMs, call });
  return { told, beats, system: supervisor(env, { pid: 7, runProgram, every }) };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('nobody asked: nothing is told', async () => {
  const { told, beats, system } = staged({ WATCHDOG_USEC: '30000000' });
  system.ready('serving');
  system.stopping();
  await settled();
  expect([told, beats]).toEqual([[], []]);
});

test('ready, alive, what is new, stopping, in this order', async () => {
  const { told, beats, system } = staged({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' });
  system.ready('serving');
  expect(beats.map(({ periodMs }) => periodMs)).toEqual([15_000]);
  await settled();
  beats[0]?.call();
  beats[0]?.call(); // The first has not been told yet: one is enough.
  system.status('a bad file');
  system.stopping();
  system.stopping();
  system.status('a bad file');
  await settled();
  expect(told).toEqual([
    'systemd-notify READY=1 STATUS=serving',
    'systemd-notify WATCHDOG=1',
    'systemd-notify STATUS=a bad file',
    'systemd-notify STOPPING=1 STATUS=draining',
  ]);
});

test.each([{}, { WATCHDOG_USEC: '0' }, { WATCHDOG_USEC: '1000000', WATCHDOG_PID: '8' }])('%j: no watchdog', (env) => {
  const { beats, system } = staged({ NOTIFY_SOCKET: '/run/x', ...env });
  system.ready('serving');
  expect(beats).toEqual([]);
});

test('a whole edge tells when it serves, when a file is bad, and when it ends', async () => {
  const { path, write } = temporaryFolder();
  const log = `${path}/told`;
  chmodSync(write('systemd-notify', `#!/bin/sh\necho "$*" >> ${log}\n`), 0o755);
  const { port } = await startOrigin('x');
  const yaml = threeCloudsYaml([port, port, port], '', 'admin: { listen: "127.0.0.1:0" }');
  const file = write('meridian.yaml', yaml);
  const env = { NOTIFY_SOCKET: '/run/x', PATH: `${path}${delimiter}${process.env['PATH']}` };
  const edge = run(['start', '-c', file], env);
  const told = () => readFileSync(log, 'utf8').trim().split('\n');
  await vi.waitFor(() => expect(told()[0]).toMatch(/^READY=1 STATUS=serving 127\.0\.0\.1:\d+$/), 20_000);
  write('meridian.yaml', 'version: 2\n');
  edge.child.kill('SIGHUP');
  await vi.waitFor(() => expect(told().at(-1)).toMatch(/^STATUS=serving; the changed file is not good/), 20_000);
  edge.child.kill('SIGTERM');
  await edge.exit;
  await vi.waitFor(() => expect(told().at(-1)).toBe('STOPPING=1 STATUS=draining'), 20_000);
});
