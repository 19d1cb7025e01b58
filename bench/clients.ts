/*
 * What does a client cost that does nothing, or reads slowly? And does memory grow with requests?
 *
 *   npm run bench:clients [-- --clients 10000 --readers 2000 --seconds 20 --write]
 *   npm run bench:clients -- --soak 5
 *
 * One Meridian with one edge thread, with the wire engine and without it. First, clients that each make one request and
 * then keep their connection: resident memory for each of them. Then, readers that ask for 10 MiB and take 64 KiB a second,
 * or stop reading: how far resident memory grew. With `--soak`, instead, millions of requests, and resident memory after
 * every quarter of a million. `--only on` or `--only off` leaves one engine out. `--write` puts the tables into
 * bench/README.md. Exits with 1 when a client was closed, a request failed, or memory grew without a bound. Linux only.
 */
import { parseArgs } from 'node:util';
import { ENGINES, type Engine } from './clients/edges.ts';
import { idle } from './clients/idle.ts';
import { slow } from './clients/slow.ts';
import { growthBytes, soak } from './clients/soak.ts';
import { markdownTable } from './rig/markdown-table.ts';
import { provenance, writeIntoReadme } from './rig/page.ts';
import { temporaryFolder } from './rig/temporary-folder.ts';

const [KIB, MIB] = [1024, 1024 * 1024];
/** A reader may be owed what fits into a few buffers, and not a body. */
const GROWTH_BYTES_A_READER_MAX = 512 * KIB;
/** Of a soak, from its first fifth to its end: less than what the collector leaves lying about. */
const SOAK_GROWTH_BYTES_MAX = 16 * MIB;

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '10000' },
    readers: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '20' },
    soak: { type: 'string' },
    only: { type: 'string' },
    write: { type: 'boolean' },
  },
});
const engines = ENGINES.filter((engine) => values.only === undefined || values.only === engine);
if (values.soak === undefined) await clients();
else for (const engine of engines) await soaked(engine, Number(values.soak) * 1e6);

async function clients(): Promise<void> {
  const text = [provenance(), await idleTable(), await slowTable()].join('\n\n');
  console.log(text);
  if (values.write === true) writeIntoReadme('clients', text);
}

async function idleTable(): Promise<string> {
  const lines: string[][] = [];
  for (const engine of engines) {
    const seen = await idle(engine, Number(values.clients));
    const { clients: count, emptyBytes, beforeBytes, withBytes, closed } = seen;
    const sizes = [emptyBytes, beforeBytes, withBytes].map((bytes) => (bytes / MIB).toFixed(0));
    const each = [emptyBytes, beforeBytes].map((bytes) => ((withBytes - bytes) / count / KIB).toFixed(1));
    lines.push([engine, String(count), ...sizes, ...each, String(closed)]);
    if (closed > 0) process.exitCode = 1;
  }
  const head = [
    'accelerator',
    'idle clients',
    'MiB empty',
    'after requests',
    'with them',
    'KiB a client above empty',
    'above after',
    'closed',
  ];
  return markdownTable(head, lines, 1);
}

async function slowTable(): Promise<string> {
  const lines: string[][] = [];
  for (const engine of engines) {
    const { readers, grownBytes, grownHalfwayBytes, askedBytes, readBytes, closed } = await slow(
      engine,
      Number(values.readers),
      Number(values.seconds),
    );
    const sizes = [askedBytes, readBytes, grownHalfwayBytes, grownBytes].map((bytes) => (bytes / MIB).toFixed(0));
    lines.push([engine, String(readers), ...sizes, (grownBytes / readers / KIB).toFixed(0), String(closed)]);
    if (closed > 0 || grownBytes > readers * GROWTH_BYTES_A_READER_MAX) process.exitCode = 1;
  }
  const head = [
    'accelerator',
    'slow readers',
    'MiB asked for',
    'MiB read',
    'halfway',
    'grew by MiB',
    'KiB a reader',
    'closed',
  ];
  return markdownTable(head, lines, 1);
}

async function soaked(engine: Engine, requests: number): Promise<void> {
  const folder = temporaryFolder();
  try {
    console.log(`accelerator ${engine}\n${'requests'.padStart(12)} ${'MiB'.padStart(8)}`);
    const { samples, failed } = await soak({ engine, requests, folder: folder.path }, (sample) => {
      console.log(`${String(sample.requests).padStart(12)} ${(sample.bytes / MIB).toFixed(1).padStart(8)}`);
    });
    const grown = growthBytes(samples);
    const told = Number.isNaN(grown) ? 'too few samples to tell growth' : `it grew by ${(grown / MIB).toFixed(1)} MiB`;
    console.log(`after the first fifth: ${told}; ${failed} requests failed\n`);
    if (failed > 0 || grown > SOAK_GROWTH_BYTES_MAX) process.exitCode = 1;
  } finally {
    folder.remove();
  }
}
