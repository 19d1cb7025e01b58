import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { dial } from '../support/raw-http.ts';
import { threeCloudsYaml } from '../support/rig.ts';

/** Clock ticks of processor time that a process has used; there are 100 in a second. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

test.skipIf(process.platform !== 'linux')(
  'an edge without descriptors says so, does not spin, and comes back',
  async () => {
    const origin = await startOrigin('x');
    const yaml = threeCloudsYaml(
      [origin.port, origin.port, origin.port],
      '',
      'admin: { listen: "127.0.0.1:0" }\nlog: { access: false }',
    );
    const edge = run([
      'start',
      '-c',
      temporaryFolder().write('m.yaml', yaml.replace('id: test,', 'id: test, workers: 1, drain: 0s,')),
    ]);
    const found = await edge.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
    const [port, admin] = [Number(found[1]), Number(found[2])];
    const pid = edge.child.pid as number;
    const limit = (soft: string) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${soft}:`]);
    const kept = await dial(port);
    const served = async () => {
      kept.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      const [bytes] = (await new Promise((resolve) => kept.once('data', (data: Buffer) => resolve([data])))) as [
        Buffer,
      ];
      return bytes.toString('latin1');
    };
    expect(await served()).toMatch(/^HTTP\/1\.1 200 /);
    const before = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1] ?? '1024';
    // A limit is one of numbers, and the lowest free one is given out: below the lowest free one there is none.
    const used = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
    let lowest = 0;
    while (used.has(lowest)) lowest += 1;
    limit(String(lowest));
    await edge.printed(/"event":"descriptors-exhausted"/);
    const ticks = ticksOf(pid);
    const refused = Array.from({ length: 20 }, () =>
      connect(port, '127.0.0.1')
        .on('error', () => {})
        .resume(),
    );
    await Promise.all(refused.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    expect(await served()).toMatch(/^HTTP\/1\.1 200 /);
    expect(ticksOf(pid) - ticks).toBeLessThan(100);
    limit(before);
    await vi.waitFor(async () => expect((await ask(port)).status).toBe(200), 5000);
    const { body } = await ask(admin, { path: '/metrics' });
    expect(body).toMatch(/^meridian_descriptors_exhausted_total [1-9]/m);
    expect(edge.out().match(/"event":"descriptors-exhausted"/g)).toHaveLength(1);
  },
);
