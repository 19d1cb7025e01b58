import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { findCommand } from '../../src/main/command-list.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { lacks, runProgram, startProgram } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';

const UNIT = readFileSync(fileURLToPath(new URL('../../config/systemd/meridian.service', import.meta.url)), 'utf8');

/** A service manager's end of the socket: prints each datagram on a line, and lets go of what is passed with it. */
const MANAGER = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    data, fds, _, _ = socket.recv_fds(s, 65536, 8)
    for fd in fds: os.close(fd)
    text = data.decode().strip().replace('\\n', ' ')
    if text != 'BARRIER=1': print(text, flush=True)
`;

test.skipIf(lacks('systemd-notify', 'python3'))(
  'a service manager hears that it is ready, reloads, is well, and ends',
  { timeout: 60_000 },
  async () => {
    const { port } = await startOrigin('x');
    const folder = temporaryFolder();
    const socket = `${folder.path}/notify`;
    const manager = startProgram('python3', ['-c', MANAGER, socket]);
    const heard = (pattern: RegExp) =>
      vi.waitFor(() => expect(manager.output()).toMatch(pattern), { timeout: 20_000, interval: 20 });
    await heard(/bound/);
    const yaml = threeCloudsYaml([port, port, port], '', 'admin: { listen: "127.0.0.1:0" }\nlog: { access: false }');
    const file = folder.write('meridian.yaml', yaml.replace('id: test,', 'id: test, workers: 1, drain: 1s,'));
    const edge = run(['start', '-c', file], { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '2000000' });
    await heard(/^READY=1 STATUS=serving 127\.0\.0\.1:\d+ \(edge test\)/m);
    await heard(/^WATCHDOG=1$/m);
    edge.child.kill('SIGHUP');
    await heard(/^RELOADING=1 MONOTONIC_USEC=\d+\n(?:WATCHDOG=1\n)*READY=1 STATUS=serving/m);
    folder.write('meridian.yaml', 'version: 1\nservices: {}\n');
    edge.child.kill('SIGHUP');
    await heard(/^READY=1 STATUS=the file has 1 problem; what was in force stays$/m);
    edge.child.kill('SIGTERM');
    await heard(/^STOPPING=1 STATUS=draining for at most 1 s$/m);
    expect(await edge.exit).toEqual({ code: 0, signal: null });
  },
);

test.skipIf(lacks('systemd-analyze'))('systemd finds the unit good, and well shut in', async () => {
  // What it starts has to be there for that.
  const unit = UNIT.replaceAll('/usr/local/bin/meridian', process.execPath);
  const file = temporaryFolder().write('meridian.service', unit);
  expect(await runProgram('systemd-analyze', ['verify', '--man=no', file])).toEqual({ code: 0, output: '' });
  const { output } = await runProgram('systemd-analyze', ['security', '--offline=true', '--no-pager', file]);
  expect(Number(/exposure level for meridian\.service: ([\d.]+)/.exec(output)?.[1])).toBeLessThan(2);
});

test('the unit starts, reloads and waits for what there is', () => {
  const of = (key: string) => [...UNIT.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  expect(of('ExecStart')).toEqual(['/usr/local/bin/meridian start -c /etc/meridian/meridian.yaml']);
  expect(of('ExecReload')).toEqual(['/usr/local/bin/meridian reload -c /etc/meridian/meridian.yaml']);
  const commands = [...of('ExecStart'), ...of('ExecReload')].map((line) => findCommand(line.split(' ').slice(1)));
  expect(commands.map((found) => found?.command.name)).toEqual(['start', 'reload']);
  expect([of('Type'), of('NotifyAccess')]).toEqual([['notify'], ['all']]);
  // 20 s of lame duck and 10 s of drain.
  expect(Number(of('TimeoutStopSec')[0])).toBeGreaterThan(30);
  // V8 compiles while it runs.
  expect(of('MemoryDenyWriteExecute')).toEqual([]);
});
