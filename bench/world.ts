/*
 * Does each request go to the right place? Simulated days of a world, against an oracle and other ways to choose.
 *
 *   npm run bench:world [-- --scenario peak,day --seed 1,2,3 --fleet on|off --rate 2000|20000 --priority reliability
 *                           --only product|peers --yaml 'routing: { select: weighted }' --json --write]
 *
 * bench/world/simulation.ts is the world, bench/world/product.ts wires the product's own rooms into it. Also: --layout first|second|slow
 * (other places and sizes), --endpoints 9|18, --report SECONDS (of the fleet), --threads N (of an edge), --queue and --declared
 * (over an endpoint's servers: requests that may wait, and the capacity in the file), --workers N (threads of this command).
 * --age: only how old the counts of other edges are.
 */
import { provenance, writeIntoReadme } from './rig/page.ts';
import { ageOfCounts } from './world/age.ts';
import { doAll } from './world/crew.ts';
import { missedGoals } from './world/goals.ts';
import { jobsOf, linesOf } from './world/jobs.ts';
import { type Options, readOptions } from './world/options.ts';
import { tablesOf } from './world/table.ts';
import type { Result } from './world/worker.ts';

const { choice, ages, workers, as } = understood();
if (ages.length > 0) await tellAges();
else await tellFigures();

function understood(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(2);
  }
}

async function tellAges(): Promise<void> {
  const { layout, queue, declared, setting } = choice;
  for (const reportS of ages) {
    const spec = {
      seed: choice.seeds[0] ?? 1,
      layout,
      endpoints: 9,
      edges: 6,
      queue,
      declared,
      peakRate: 2000,
    } as const;
    const { meanMs, p95Ms, maxMs } = await ageOfCounts(spec, { ...setting, fleet: true, reportS });
    const [mean, p95, max] = [meanMs, p95Ms, maxMs].map((ms) => (ms / 1000).toFixed(2));
    console.log(`report: ${reportS}s: others' counts are ${mean} s old on average, p95 ${p95} s, at most ${max} s`);
  }
}

async function tellFigures(): Promise<void> {
  const jobs = jobsOf(choice);
  const results: Result[] = [];
  await doAll(jobs, workers, (result) => {
    results.push(result);
    if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${jobs.length} `);
  });
  if (process.stderr.isTTY) process.stderr.write('\r');
  const lines = linesOf(results);
  if (as === 'json') return console.log(JSON.stringify(lines, undefined, 1));
  const text = `${provenanceOf(results)}\n\n${tablesOf(lines)}`;
  const missed = missedGoals(lines, choice.setting.priority);
  console.log(`${text}\n\n${missed.length === 0 ? 'No goal is missed.' : `Missed goals:\n- ${missed.join('\n- ')}`}`);
  if (as === 'page') writeIntoReadme('world', text);
}

function provenanceOf(results: readonly Result[]): string {
  const cpuS = Math.round(results.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000);
  const requests = results.reduce((sum, { summary }) => sum + summary.requests, 0) / 1e6;
  const seeds = `${choice.seeds.length === 1 ? 'seed' : 'seeds'} ${choice.seeds.join(', ')}`;
  return `${provenance()}; ${seeds}; ${requests.toFixed(1)} million requests in ${cpuS} s of CPU time`;
}
