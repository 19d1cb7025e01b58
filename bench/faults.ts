/*
 * What do clients notice when endpoints fail?
 *
 *   npm run bench:faults [-- --only kill,cloud,hang,rolling,flap,reload,members] [--with 'retries: { attempts: 1 }']
 *
 * Meridian with everything at its default stands before origins that are processes of their own. A client sends 300 GETs
 * a second for 20 seconds, and 50 POSTs a second beside them, each when it is due; bench/faults/scenarios.ts is what goes
 * wrong meanwhile. A GET that is not answered with 200 and its whole body within 10 seconds has failed. A POST may fail
 * (it may not be sent twice), but none may be executed twice. Exits with 1 when a GET failed or a POST was executed twice.
 * `--with` adds a block to the file: without retries, for example, the same troubles must show.
 */
import { parseArgs } from 'node:util';
import { OriginFleet } from './faults/fleet.ts';
import { runLoad } from './faults/load.ts';
import { type Outcome, report } from './faults/report.ts';
import { SCENARIOS, type Scenario, SECONDS } from './faults/scenarios.ts';
import { configOf } from './rig/config.ts';
import { startEdge } from './rig/edge.ts';

const GETS_PER_SECOND = 300;
const HEALTHY_MS_MAX = 5000;

const { values } = parseArgs({ options: { only: { type: 'string' }, with: { type: 'string', default: '' } } });
const chosen = values.only?.split(',');
const problems: string[] = [];
for (const scenario of SCENARIOS.filter(({ key }) => chosen?.includes(key) ?? true)) {
  problems.push(...report(scenario, await play(scenario)));
}
console.log(problems.length === 0 ? '\nno request failed' : `\n${problems.join('\n')}`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function play({ clouds, postsPerSecond, trouble }: Scenario): Promise<Outcome> {
  const fleet = await OriginFleet.start(clouds);
  try {
    const edge = await startEdge(configOf(fleet.endpoints, values.with));
    try {
      await allHealthy(edge.log, clouds.length);
      const { port } = edge;
      const [ended] = await Promise.all([
        runLoad({ port, getsPerSecond: GETS_PER_SECOND, postsPerSecond, seconds: SECONDS }),
        trouble({ fleet, edge }),
      ]);
      const of = (method: string) => ended.filter((one) => one.method === method);
      return { gets: of('GET'), posts: of('POST'), executed: fleet.executed(), log: edge.log() };
    } finally {
      await edge.end();
    }
  } finally {
    await fleet.end();
  }
}

/** Waits for the first checks, so that the load begins as a day does. */
async function allHealthy(log: () => string, endpoints: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < HEALTHY_MS_MAX; waitedMs += 100) {
    if (log().split('"to":"healthy"').length > endpoints) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the endpoints did not become healthy:\n${log()}`);
}
