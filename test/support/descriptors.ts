import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { onTestFinished } from 'vitest';

export type Descriptors = {
  /** Uses up all descriptors of this process. */
  readonly exhaust: () => void;
  /** Gives them back. */
  readonly giveBack: () => void;
};

/** Descriptors that this process may have while a test runs that uses them up. */
const DESCRIPTORS_MAX = 1024;

/** Limits the descriptors of this very process, until the test has finished. */
export async function limitDescriptors(): Promise<Descriptors> {
  await setLimit(DESCRIPTORS_MAX);
  const taken: number[] = [];
  const giveBack = (): void => {
    for (const descriptor of taken.splice(0)) closeSync(descriptor);
  };
  onTestFinished(async () => {
    giveBack();
    await setLimit('');
  });
  return { giveBack, exhaust: () => takeAll(taken) };
}

function takeAll(taken: number[]): void {
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error;
  }
}

/** The soft limit; the hard one, where there is nothing before the colon. */
async function setLimit(soft: number | ''): Promise<void> {
  const limit = soft === '' ? 'ulimit -Hn' : `echo ${soft}`;
  const child = spawn('sh', ['-c', `prlimit --pid ${process.pid} --nofile=$(${limit}):`], { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`prlimit ended with ${code}`);
}
