/*
 * Does a client notice when certificates change?
 *
 *   npm run bench:certificates [-- --changes 100 --workers 2]
 *
 * An edge with two certificates, one whose files are swapped as Kubernetes does (`..data`), one whose files are written over, in turns, a
 * hundred times. Meanwhile visitors of both names do full and resumed handshakes of TLS 1.2 and 1.3, over HTTP/1.1 and HTTP/2, one after the other without a
 * pause, each with a request. The next change comes when the one before is shown. Printed is how many handshakes there were, how many of them failed or were resumed, and
 * how long it took until a change was shown.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { parseArgs } from 'node:util';
import { issue } from '../test/support/x509.ts';
import { type Changing, mounted, overwritten } from './certificates/files.ts';
import { visiting, WAYS } from './certificates/visitors.ts';
import { end } from './rig/children.ts';
import { type EdgeProcess, startEdge } from './rig/edge.ts';
import { startOrigins } from './rig/start-origins.ts';
import { temporaryFolder } from './rig/temporary-folder.ts';

/** A change that is not shown after this long is counted as not taken. */
const SHOWN_MS_MAX = 10_000;
const POLL_MS = 20;

const { values } = parseArgs({
  options: { changes: { type: 'string', default: '100' }, workers: { type: 'string', default: '2' } },
});
const root = issue({ subject: 'root', ca: true });
const folder = temporaryFolder();
const { child: origin, ports } = await startOrigins(1);
try {
  const [port] = ports;
  const places = ['mounted', 'overwritten'].map((name) => join(folder.path, name));
  for (const place of places) mkdirSync(place);
  const pairs = [
    mounted(places[0] as string, root, 'mounted.example.com'),
    overwritten(places[1] as string, root, 'overwritten.example.com'),
  ];
  const edge = await startEdge(yamlOf(pairs, port as number));
  try {
    await measure(edge, pairs);
  } finally {
    await edge.end();
  }
} finally {
  await end(origin);
  folder.remove();
}

function yamlOf(pairs: readonly Changing[], port: number): string {
  const certificates = pairs.map(({ cert, key }) => `{ cert: ${cert}, key: ${key} }`).join(', ');
  return `version: 1
edge: { region: aws/us-east-1, listen: "127.0.0.1:0", workers: ${values.workers}, tls: { certificates: [${certificates}] } }
admin: { listen: "127.0.0.1:0" }
log: { access: false }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }] } }
`;
}

async function measure(edge: EdgeProcess, pairs: readonly Changing[]): Promise<void> {
  const where = { port: edge.port, ca: root.cert, names: pairs.map(({ name }) => name) };
  const visitors = WAYS.map((way) => ({ way, ...visiting(way, where) }));
  const changes = Number(values.changes);
  const tookMs: number[] = [];
  const began = performance.now();
  for (let i = 0; i < changes; i += 1) {
    const pair = pairs[i % pairs.length] as Changing;
    const version = Math.floor(i / pairs.length) + 1;
    const since = performance.now();
    pair.change(version);
    if (await isShown(edge.port, pair.name, `v${version}`)) tookMs.push(performance.now() - since);
  }
  await Promise.all(visitors.map(({ stop }) => stop()));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  for (const { way, visits } of visitors) {
    const { handshakes, resumed, failures } = visits;
    console.log(
      `${way.version} ${way.handshake} ${way.protocol}: ${handshakes} handshakes (${resumed} resumed), ${failures.length} failed ${[...new Set(failures)].join(', ')}`,
    );
  }
  const sum = (pick: (one: (typeof visitors)[number]) => number) => visitors.reduce((all, one) => all + pick(one), 0);
  const sorted = tookMs.toSorted((a, b) => a - b);
  console.log(
    `${tookMs.length} of ${changes} changes taken in ${seconds} s; ${sum(({ visits }) => visits.handshakes)} handshakes, ` +
      `${sum(({ visits }) => visits.failures.length)} failed; shown after ${at(sorted, 0.5)} ms (median), ${at(sorted, 1)} ms (longest)`,
  );
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(0);
}

/** Looks until the certificate of this common name is shown for a name. */
async function isShown(port: number, name: string, subject: string): Promise<boolean> {
  const until = performance.now() + SHOWN_MS_MAX;
  while (performance.now() < until) {
    if ((await shownFor(port, name)) === subject) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function shownFor(port: number, name: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: name, ca: root.cert }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', () => resolve('none'));
  });
}
