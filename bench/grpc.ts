/*
 * Do calls of gRPC cost what they cost the best C proxy, and half of what they cost one in Go?
 *
 *   npm run bench:grpc [-- --seconds 5 --rounds 3 --write]
 *
 * Meridian, HAProxy and, where it is installed, Caddy in one run and in turn, with one thread each on a core that the load and the servers leave alone: unary calls with a
 * message of 5 bytes each way, HTTP/2 without TLS on both sides. Figures are medians of the rounds. `--write` puts the tables into
 * bench/README.md. Exits with 1 when a call failed. Needs h2load and HAProxy; Linux with two cores or more.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FRONTS } from './grpc/fronts.ts';
import { h2load } from './peers/h2load.ts';
import { H2_MANY, H2LOAD, type Measured, measureBy } from './peers/measure.ts';
import { mediansOf } from './peers/medians.ts';
import type { Running } from './peers/program.ts';
import { HAPROXY } from './peers/proxies.ts';
import { LOAD_CORE, openScene, type Scene } from './peers/scene.ts';
import { figuresTable, ratioTable } from './peers/tables.ts';
import { end, firstMessage, start } from './rig/children.ts';
import { provenance, writeIntoReadme } from './rig/page.ts';

const WORK = 'gRPC unary';
const SERVERS = 3;
/** Not compressed, 5 bytes. */
const MESSAGE = Buffer.from('\0\0\0\0\u0005hello', 'latin1');
const FIELDS = ['content-type: application/grpc', 'te: trailers'];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean' },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
if (H2LOAD === undefined) throw new Error('h2load is not installed');
const program = H2LOAD;

const measured = new Map<string, Measured[]>(FRONTS.map(({ name }) => [name, []]));
const scene = await openScene();
const servers = start({
  script: new URL('grpc/origin.ts', import.meta.url),
  args: ['--ports', Array.from({ length: SERVERS }, () => 0).join(',')],
  core: LOAD_CORE,
  ipc: true,
});
const opened: { readonly name: string; readonly running: Running }[] = [];
try {
  const ports = await firstMessage<number[]>(servers);
  for (const { name, open } of FRONTS) opened.push({ name, running: await open(scene, ports) });
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, running } of opened) {
      measured.get(name)?.push(await measureBy(running, seconds, (wanted) => callsOf(scene, running, wanted)));
      console.error(`${WORK}, round ${round} of ${rounds}: ${name}`);
    }
  }
} finally {
  for (const { running } of opened) await running.end();
  await end(servers);
  await scene.end();
}
const medians = [...measured].map(([name, figures]) => mediansOf(WORK, name, figures));
const text = [
  `${provenance()}. Rounds: ${rounds} of ${seconds} s.`,
  ratioTable(medians, HAPROXY),
  figuresTable(medians),
].join('\n\n');
console.log(text);
if (values.write === true) writeIntoReadme('grpc', text);
if (medians.some(({ bad }) => bad > 0)) process.exitCode = 1;

function callsOf({ folder }: Scene, { port }: Running, wanted: number): ReturnType<typeof h2load> {
  const file = join(folder, 'message');
  writeFileSync(file, MESSAGE);
  const url = `http://127.0.0.1:${port}/bench.Calls/One`;
  const post = { file, fields: FIELDS };
  return h2load({ program, folder, url, seconds: wanted, core: LOAD_CORE, post, ...H2_MANY });
}
