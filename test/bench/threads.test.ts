import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { end, startProgram } from '../../bench/rig/children.ts';
import { busiestThread, hurry, pinThread, runAtOnce, scheduledOf, threadsOf } from '../../bench/rig/threads.ts';

/** A second thread that works for 0.15 s by the count of the kernel, and a first one that does not. */
const WORK = `const { Worker } = require('node:worker_threads');
new Worker("while (process.threadCpuUsage().user < 150_000); require('node:worker_threads').parentPort.postMessage(0); setInterval(() => {}, 1e6)", { eval: true })
  .on('message', () => console.log('done'));`;

test.skipIf(!existsSync('/proc/self/schedstat'))(
  'threads are told apart by what they did, pinned, and hurried',
  async () => {
    const child = startProgram({ program: process.execPath, args: ['-e', WORK], output: 'pipe' });
    onTestFinished(() => end(child, 'SIGKILL'));
    if (child.stdout === null) throw new Error('no output');
    await once(child.stdout, 'data');
    const pid = child.pid as number;
    expect(threadsOf(pid)).toContain(pid);
    const thread = busiestThread(pid);
    expect(thread).not.toBe(pid);
    const { ranNs, waitedNs } = scheduledOf(pid, thread);
    expect(ranNs).toBeGreaterThan(140e6);
    expect(waitedNs).toBeGreaterThanOrEqual(0);
    pinThread(thread, 0);
    const status = (of: number) => readFileSync(`/proc/${pid}/task/${of}/status`, 'utf8');
    expect(status(thread)).toMatch(/^Cpus_allowed_list:\t0$/m);
    const scheduling = (of: number) =>
      readFileSync(`/proc/${pid}/task/${of}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
    if (hurry(pid, -1)) expect(scheduling(pid)[16]).toBe('-1');
    // The policy of real time in turn is 2.
    if (runAtOnce(thread)) expect(scheduling(thread)[38]).toBe('2');
  },
);
