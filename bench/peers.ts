/*
 * Does forwarding cost what it costs the best C proxies?
 *
 *   npm run bench:peers [-- --seconds 5 --rounds 3 --only 100B --through Meridian,HAProxy --log --beside FILE --no-latency --write]
 *
 * Meridian with the wire engine and without it, @fastify/http-proxy with nothing added, nginx, HAProxy and Caddy, in one
 * run and in turn: all of them once, all of them again. Each has one worker and one core, keep-alive on both sides and
 * nine origins; the load and the origins have the other core. Figures are medians of the rounds; CPU time is that of all
 * processes of a proxy. After that, the latency that a proxy adds at half the load that it can take. Programs that are
 * not installed are left out with a word. With `--log` every proxy but @fastify/http-proxy writes a line for each request
 * into a file. `--only` is a pattern of works (`100b$`: without TLS). `--beside ../before/src/main.ts` measures another checkout too, as
 * `Meridian beside`; `--no-latency` leaves the added latency out. `--write` puts the tables into bench/README.md. Exits with 1 when a request
 * failed. Linux with two cores or more.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Added, addedTable, paced } from './peers/added.ts';
import { H2LOAD, type Measured, measure, WRK } from './peers/measure.ts';
import { type Median, mediansOf } from './peers/medians.ts';
import type { Paced } from './peers/paced-client.ts';
import { findProgram, type Running } from './peers/program.ts';
import { HAPROXY, MERIDIAN, meridianOf, PROXIES, type Proxy } from './peers/proxies.ts';
import { openScene } from './peers/scene.ts';
import { figuresTable, ratioTable } from './peers/tables.ts';
import { WORKS, type Work } from './peers/works.ts';
import { provenance, writeIntoReadme } from './rig/page.ts';

/** The work whose added latency is measured. */
const ADDED_TO = 'GET 100 B';

/** The share of the proxies' core that others may take before the figures say so. */
const OTHERS_MAX = 0.05;

type Opened = { readonly proxy: Proxy; readonly running: Running };

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    through: { type: 'string' },
    log: { type: 'boolean', default: false },
    beside: { type: 'string' },
    'no-latency': { type: 'boolean', default: false },
    write: { type: 'boolean' },
  },
});
const { log: logs } = values;
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const wanted = WORKS.filter(({ name }) => new RegExp(values.only, 'i').test(plain(name)));
const works = wanted.filter(({ http2 }) => http2 !== true || H2LOAD !== undefined);
const all = [...(values.beside === undefined ? [] : meridianOf(pathToFileURL(values.beside))), ...PROXIES];
const chosen = values.through?.split(',').map(plain) ?? all.map(({ name }) => plain(name));
const absent = all.filter(({ program }) => program !== undefined && findProgram(program) === undefined);
const proxies = all.filter((one) => !absent.includes(one) && chosen.includes(plain(one.name)));
const unknown = chosen.filter((name) => !all.some((one) => plain(one.name) === name));
if (unknown.length > 0)
  throw new Error(`no ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`);
if (works.length === 0) throw new Error(`no ${values.only}; there are ${WORKS.map(({ name }) => name).join(', ')}`);
const notes = absent.map(({ name }) => `${name}: skipped, it is not installed.`);
if (wanted.length > works.length) notes.push('HTTP/2: skipped, h2load is not installed.');

const medians: Median[] = [];
const added: Added[] = [];
const scene = await openScene();
try {
  notes.push(
    `Load: ${WRK === undefined ? 'autocannon' : 'wrk'}; h2load by HTTP/2 (8 connections, 16 streams). Origin: ${scene.cheapOrigin ? 'nginx' : 'node:http'}.`,
  );
  for (const tls of [false, true]) await withAll(tls);
} finally {
  await scene.end();
}
medians.sort((a, b) => order(a) - order(b));
const disturbed = Math.max(...medians.map(({ others }) => others));
if (disturbed > OTHERS_MAX)
  notes.push(`Not a quiet machine: others took up to ${(disturbed * 100).toFixed(0)} % of the core.`);
const tables = [ratioTable(medians, HAPROXY), figuresTable(medians), ...(added.length > 0 ? [addedTable(added)] : [])];
const text = [`${provenance()}. Rounds: ${rounds} of ${seconds} s. ${notes.join(' ')}`, ...tables].join('\n\n');
console.log(text);
if (values.write === true) writeIntoReadme(logs ? 'peers-log' : 'peers', text);
const failed = medians.some(({ bad }) => bad > 0) || added.some((one) => one.proxied.some((round) => round.failed > 0));
if (failed) process.exitCode = 1;

/** All proxies at once, each idle but for the one that has its turn: what is loaded has the core for itself. */
async function withAll(tls: boolean): Promise<void> {
  const some = works.filter((work) => work.tls === tls);
  if (some.length === 0) return;
  const opened: Opened[] = [];
  try {
    for (const proxy of proxies) opened.push({ proxy, running: await proxy.open(scene, { tls, logs }) });
    for (const work of some) medians.push(...(await inTurn(opened, work)));
    if (!values['no-latency'] && some.some(({ name }) => name === ADDED_TO)) added.push(...(await addedBy(opened)));
  } finally {
    for (const { running } of opened) await running.end();
  }
}

async function inTurn(opened: readonly Opened[], work: Work): Promise<Median[]> {
  const able = opened.filter(({ proxy }) => work.http2 !== true || proxy.http2);
  const measured = new Map<Opened, Measured[]>(able.map((one) => [one, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [one, figures] of measured) {
      figures.push(await measure(one.running, { work, seconds, folder: scene.folder }));
      console.error(`${work.name}, round ${round} of ${rounds}: ${one.proxy.name}`);
    }
  }
  return [...measured].map(([{ proxy }, figures]) => mediansOf(work.name, proxy.name, figures));
}

/** Each of them at half of what it could do, and its origin at the same rate: what is between the two, it added. */
async function addedBy(opened: readonly Opened[]): Promise<Added[]> {
  const watched = opened.filter(({ proxy: { name } }) => name === HAPROXY || name.startsWith(MERIDIAN));
  const rows = watched.map(({ proxy, running }) => {
    const full = medians.find((one) => one.work === ADDED_TO && one.through === proxy.name);
    const requestsPerSecond = (full?.requestsPerSecond ?? 0) / 2;
    return {
      port: running.port,
      through: proxy.name,
      requestsPerSecond,
      proxied: [] as Paced[],
      direct: [] as Paced[],
    };
  });
  const path = WORKS.find(({ name }) => name === ADDED_TO)?.path ?? '/';
  for (let round = 1; round <= rounds; round += 1) {
    for (const { port, through, requestsPerSecond: rate, proxied, direct } of rows) {
      direct.push(await paced({ port: scene.origins[0] as number, path, rate, seconds }));
      proxied.push(await paced({ port, path, rate, seconds }));
      console.error(`${ADDED_TO} at half load, round ${round} of ${rounds}: ${through}`);
    }
  }
  return rows;
}

function order({ work, through }: Median): number {
  const nth = WORKS.findIndex(({ name }) => name === work) * all.length;
  return nth + all.findIndex(({ name }) => name === through);
}

/** `GET 100 B` and `100b` are one. */
function plain(name: string): string {
  return name.replaceAll(/\s/g, '').toLowerCase();
}
