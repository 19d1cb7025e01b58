/*
 * What does a client that floods cost the others?
 *
 *   npm run bench:floods [-- --seconds 10 --only tls|h2c]
 *
 * One Meridian with one edge thread. A client that behaves asks over HTTP/2, 200 times a second, first by itself; then while another
 * process sends 10,000 streams a second that it takes back at once, 10,000 SETTINGS a second, or header blocks of 1,000 CONTINUATION frames,
 * each over a connection that it makes anew whenever it is cut off. Its 99th percentile is to stay within twice of what it was, and the
 * edge's memory where it was; its CPU time, as a share of a core, says what the flood takes of it. Exits with 1 when a request failed, a flood was not cut off, or one of both was not so. Linux only.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Attack } from './floods/attacker.ts';
import { end, firstMessage, start } from './rig/children.ts';
import { configOf, inTurn } from './rig/config.ts';
import { type EdgeProcess, startEdge } from './rig/edge.ts';
import { markdownTable } from './rig/markdown-table.ts';
import { provenance } from './rig/page.ts';
import { cpuSeconds, residentBytes } from './rig/proc.ts';
import { startOrigins } from './rig/start-origins.ts';
import { temporaryFolder } from './rig/temporary-folder.ts';

const MIB = 1024 * 1024;
const PAUSE_MS = 5;
const GROWTH_BYTES_MAX = 32 * MIB;
const KINDS = ['resets', 'settings', 'continuations'] as const;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, only: { type: 'string' } },
});
const seconds = Number(values.seconds);
const folder = temporaryFolder();
const certificate = join(folder.path, 'cert.pem');
const key = join(folder.path, 'key.pem');
const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', certificate, '-days', '2', ...subject], {
  stdio: 'pipe',
});

const lines: string[][] = [];
for (const how of ['tls', 'h2c'].filter((one) => values.only === undefined || values.only === one)) {
  await withEdge(how, async (edge) => {
    const session = connect(`${how === 'tls' ? 'https' : 'http'}://localhost:${edge.port}`, {
      ca: readFileSync(certificate),
    });
    await once(session, 'connect');
    await ask(session, 2);
    for (const kind of KINDS) lines.push([how, ...(await measured(edge, session, { how, kind }))]);
    session.close();
  });
}
folder.remove();
const head = [
  'over',
  'flood',
  'sent',
  'connections',
  'cut off',
  'p50 alone',
  'p50',
  'p99 alone',
  'p99',
  'CPU alone',
  'CPU',
  'MiB before',
  'after',
  'failed',
];
console.log([provenance(), markdownTable(head, lines, 2)].join('\n\n'));

/** One kind of flood, with the same time without it before and after it. */
async function measured(
  edge: EdgeProcess,
  session: ClientHttp2Session,
  { how, kind }: { readonly how: string; readonly kind: string },
): Promise<string[]> {
  const pid = edge.child.pid as number;
  const cpu = (sinceS: number): string => `${(((cpuSeconds(pid) - sinceS) / seconds) * 100).toFixed(0)} %`;
  const startS = cpuSeconds(pid);
  const alone = await ask(session, seconds);
  const cpuAlone = cpu(startS);
  const before = residentBytes(pid).now;
  const script = new URL('./floods/attacker.ts', import.meta.url);
  const attacker = start({ script, args: [kind, String(edge.port), how, String(seconds)], core: 0, ipc: true });
  const floodedS = cpuSeconds(pid);
  const flooded = await Promise.all([ask(session, seconds), firstMessage<Attack>(attacker)]);
  const cpuFlooded = cpu(floodedS);
  await end(attacker);
  await sleep(1000);
  const after = residentBytes(pid).now;
  const [during, { sent, connections, cut }] = flooded;
  const failed = alone.failed + during.failed;
  const worse = during.p99 > 2 * alone.p99;
  if (failed > 0 || cut === 0 || worse || after - before > GROWTH_BYTES_MAX) process.exitCode = 1;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return [
    kind,
    String(sent),
    String(connections),
    String(cut),
    ...[alone.p50, during.p50, alone.p99, during.p99].map(ms),
    cpuAlone,
    cpuFlooded,
    ...[before, after].map((bytes) => (bytes / MIB).toFixed(0)),
    String(failed),
  ];
}

type Asked = { readonly p50: number; readonly p99: number; readonly failed: number };

/** Asks again and again, one request every few milliseconds, whether the ones before have been answered or not. */
async function ask(session: ClientHttp2Session, forSeconds: number): Promise<Asked> {
  const tookMs: number[] = [];
  let failed = 0;
  const one = async (): Promise<void> => {
    const startMs = performance.now();
    const stream = session.request({ ':path': '/bytes/100' });
    stream.resume();
    await once(stream, 'end').catch(() => {
      failed += 1;
    });
    tookMs.push(performance.now() - startMs);
  };
  const all: Promise<void>[] = [];
  for (const untilMs = performance.now() + forSeconds * 1000; performance.now() < untilMs; await sleep(PAUSE_MS)) {
    all.push(one());
  }
  await Promise.all(all);
  tookMs.sort((a, b) => a - b);
  const at = (share: number): number => tookMs[Math.floor(share * (tookMs.length - 1))] as number;
  return { p50: at(0.5), p99: at(0.99), failed };
}

async function withEdge(how: string, run: (edge: EdgeProcess) => Promise<void>): Promise<void> {
  const { child: origin, ports } = await startOrigins(1, { core: 0 });
  try {
    const listener =
      how === 'tls'
        ? `{ listen: "127.0.0.1:0", tls: { cert: ${certificate}, key: ${key} } }`
        : '{ listen: "127.0.0.1:0", http2: h2c }';
    const log = 'log: { level: warn, access: false }';
    const yaml = configOf(inTurn(ports), log, ', workers: 1').replace(
      'listen: "127.0.0.1:0"',
      `listeners: [${listener}]`,
    );
    const edge = await startEdge(yaml, 1);
    try {
      await run(edge);
    } finally {
      await edge.end();
    }
  } finally {
    await end(origin);
  }
}
