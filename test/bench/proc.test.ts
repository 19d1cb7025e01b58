import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { end, startProgram } from '../../bench/rig/children.ts';
import { childrenOf, coreSeconds, cpuTimeOfTree, residentBytes, residentBytesOfTree } from '../../bench/rig/proc.ts';

/** Works for 0.15 s by the kernel's count, however long that takes on a busy machine, says so and stays. */
const WORK = 'while (process.cpuUsage().user < 150_000); console.log("done"); setInterval(() => {}, 1e6);';

test.skipIf(!existsSync('/proc/self/stat'))('time and memory of a process are those of its children too', async () => {
  // The shell waits for a child that has the time: by the shell's own count, nothing happened.
  const script = '"$0" -e "$1" & wait';
  const shell = startProgram({ program: 'sh', args: ['-c', script, process.execPath, WORK], output: 'pipe' });
  const pid = shell.pid as number;
  const family = () => childrenOf(pid);
  onTestFinished(async () => {
    const children = family();
    await end(shell, 'SIGKILL');
    for (const child of children) process.kill(child, 'SIGKILL');
  });
  if (shell.stdout === null) throw new Error('no output');
  await once(shell.stdout, 'data');

  expect(family()).toHaveLength(1);
  const { user, system } = cpuTimeOfTree(pid);
  expect(user + system).toBeGreaterThan(0.1);
  // Cores have worked since the machine began, which is longer.
  expect(Math.max(...cpus().map((_, core) => coreSeconds(core)))).toBeGreaterThan(user + system);
  expect(residentBytesOfTree(pid).most).toBeGreaterThan(residentBytes(pid).most * 2);
});
