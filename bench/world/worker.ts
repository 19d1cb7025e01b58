import { parentPort } from 'node:worker_threads';
import type { Setting } from './configuration.ts';
import type { Summary } from './figures.ts';
import { run, type Who, type WorldSpec } from './run.ts';
import { PLANS } from './scenarios.ts';

/** One run: a scenario by name, and who decides in it. */
export type Job = {
  readonly scenario: string;
  readonly who: Who;
  readonly world: WorldSpec;
  readonly setting: Setting;
};

export type Result = { readonly job: Job; readonly summary: Summary; readonly cpuMs: number };

/** Does jobs one by one, as they are sent. */
parentPort?.on('message', (job: Job) => void work(job));

async function work(job: Job): Promise<void> {
  const plan = PLANS.find(({ name }) => name === job.scenario);
  if (plan === undefined) throw new Error(`no scenario ${job.scenario}`);
  const before = process.threadCpuUsage();
  const summary = await run(job.who, plan, job.world, job.setting);
  const { user, system } = process.threadCpuUsage(before);
  parentPort?.postMessage({ job, summary, cpuMs: (user + system) / 1000 } satisfies Result);
}
