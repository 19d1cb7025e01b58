import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { end, startProgram } from '../../bench/rig/children.ts';
import { childrenOf } from '../../bench/rig/proc.ts';

test.skipIf(!existsSync('/proc/self/stat'))(
  'a server that does not go takes its workers along when it is killed',
  async () => {
    const script = 'trap "" TERM; "$0" -e "setInterval(() => {}, 1e6); console.log(1)" & wait; wait';
    const server = startProgram({ program: 'sh', args: ['-c', script, process.execPath], output: 'pipe' });
    if (server.stdout === null) throw new Error('no output');
    await once(server.stdout, 'data');
    const [worker] = childrenOf(server.pid as number);
    expect(worker).toBeDefined();
    await end(server);
    expect(server.signalCode).toBe('SIGKILL');
    for (let tries = 0; tries < 500 && runs(worker as number); tries += 1) await sleep(10);
    expect(runs(worker as number)).toBe(false);
  },
);

/** One that has ended and that nobody has asked after does not run, though it still has an entry. */
function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
