/*
 * Does each request go to the right place? Simulated days of a world, against an oracle and other ways to choose.
 *
 *   npm run bench:world [-- --scenario peak,day --seed 1,2,3 --fleet on|off --rate 2000|20000 --priority reliability
 *                           --only product|peers --yaml 'routing: { select: weighted }' --json --write]
 *
 * bench/world/simulation.ts is the world, bench/world/product.ts wires the product's own rooms into it. Also: --endpoints 9|18,
 * --report SECONDS (of the fleet), --threads N (of an edge), --queue and --declared (over an endpoint's servers: requests that may
 * wait, and the capacity in the file), --workers N (threads of this command).
 */
import { parseArgs } from 'node:util';
import { provenance, writeIntoReadme } from './rig/page.ts';
import { doAll } from './world/crew.ts';
import { type Choice, jobsOf, linesOf } from './world/jobs.ts';
import { PLANS } from './world/scenarios.ts';
import { tableOf } from './world/table.ts';
import type { Result } from './world/worker.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    seed: { type: 'string', default: '1' },
    fleet: { type: 'string' },
    rate: { type: 'string' },
    endpoints: { type: 'string' },
    priority: { type: 'string' },
    only: { type: 'string' },
    yaml: { type: 'string', default: '' },
    report: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    queue: { type: 'string', default: '4' },
    declared: { type: 'string', default: '2' },
    workers: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const wanted = values.scenario?.split(',').map((name) => name.trim());
const unknown = wanted?.filter((name) => PLANS.every((plan) => plan.name !== name)) ?? [];
if (unknown.length > 0) {
  console.error(`no scenario ${unknown.join(', ')}; there are: ${PLANS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const choice: Choice = {
  scenarios: wanted ?? PLANS.map(({ name }) => name),
  seeds: values.seed.split(',').map(Number),
  fleets: values.fleet === undefined ? [false, true] : [values.fleet === 'on'],
  rates: values.rate === undefined ? [2000, 20_000] : values.rate.split(',').map(Number),
  endpoints: values.endpoints === undefined ? undefined : values.endpoints === '18' ? 18 : 9,
  only: values.only,
  queue: Number(values.queue),
  setting: {
    reportS: Number(values.report),
    priority: values.priority,
    yaml: values.yaml.replaceAll('\\n', '\n'),
    threads: Number(values.threads),
    declared: Number(values.declared),
  },
};

const jobs = jobsOf(choice);
const results: Result[] = [];
await doAll(jobs, Number(values.workers), (result) => {
  results.push(result);
  if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${jobs.length}  `);
});
if (process.stderr.isTTY) process.stderr.write('\r');

const lines = linesOf(results);
if (values.json) {
  console.log(
    JSON.stringify(
      lines.map(({ oracles, ...line }) => ({ ...line, oracles })),
      undefined,
      1,
    ),
  );
} else {
  const tables = [
    ...new Set(lines.map(({ rate, endpoints }) => `${rate} requests a second, ${endpoints} endpoints`)),
  ].map((title) => {
    const those = lines.filter(({ rate, endpoints }) => title === `${rate} requests a second, ${endpoints} endpoints`);
    return `${title}:\n\n${tableOf(those)}`;
  });
  const cpuS = Math.round(results.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000);
  const requests = results.reduce((sum, { summary }) => sum + summary.requests, 0);
  const note = `${provenance()}; seed ${choice.seeds.join(', ')}; ${(requests / 1e6).toFixed(1)} million requests in ${cpuS} s of CPU time`;
  const text = `${note}\n\n${tables.join('\n\n')}`;
  console.log(text);
  if (values.write) writeIntoReadme('world', text);
}
