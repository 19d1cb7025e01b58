import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DEMO_REGIONS } from '../../src/demo/regions.ts';
import { freePorts } from '../support/free-ports.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

let folder = '';
const children: ChildProcess[] = [];
beforeAll(async () => {
  // A temporary folder of its own: a demo that somebody runs meanwhile is not talked to.
  folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Run = {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly code: Promise<number | null>;
};

function demo(...args: string[]): Run {
  const env = { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder };
  const child = spawn(process.execPath, [MAIN, 'demo', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.err += chunk;
  });
  const code = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return { child, out: () => text.out, err: () => text.err, code };
}

const liveLines = (out: string) => out.split('\n').filter((line) => /^ *\w+ {2}\d+ requests/.test(line));
const printed = (run: Run, pattern: RegExp) =>
  vi.waitUntil(() => pattern.exec(run.out()) ?? undefined, { timeout: 20_000, interval: 20 });

test('it runs for its time, shows what happens, and no request fails', async () => {
  const run = demo('--for', '5s', '--port', '0');
  expect(await run.code).toBe(0);
  expect(run.err()).toBe('');
  const out = run.out();
  expect(out).toMatch(/serves http:\/\/127\.0\.0\.1:\d+\//);
  expect(out.match(/^curl -i -H 'X-Forwarded-For: [\d.]+' -H 'routing-priority: \w+' http:\/\/127/gm)).toHaveLength(3);
  const lines = liveLines(out);
  expect(lines).toHaveLength(5);
  for (const { id } of DEMO_REGIONS) expect(lines.at(-1)).toMatch(new RegExp(`${id} \\d+% healthy`));
  expect(lines.at(-1)).toMatch(/p50 \d+ ms, p99 \d+ ms/);
  const [, requests, failed] = /requests +(\d+) of its own clients, (\d+) failed/.exec(out) ?? [];
  expect(Number(requests)).toBeGreaterThan(200);
  expect(failed).toBe('0');
  expect(out).toContain('availability  100.000 %');
  expect(await readdir(folder)).toEqual([]);
});

test('clients are sent to regions near them, by where their address is', async () => {
  const run = demo('--for', '60s', '--rate', '5');
  const url = (await printed(run, /serves (http:\S+)/))[1] ?? '';
  await printed(run, /^ *1s /m);
  const near = async (address: string) => {
    const headers = { 'X-Forwarded-For': address, 'routing-priority': 'latency' };
    const answer = await fetch(url, { headers });
    const { region, client } = (await answer.json()) as { region: string; client: string };
    expect([answer.status, client]).toEqual([200, address]);
    expect(answer.headers.get('x-meridian-decision')).toContain('priority=latency');
    return region;
  };
  expect(['asia-northeast1', 'japaneast']).toContain(await near('133.11.0.1'));
  expect(['eu-central-1', 'europe-west1']).toContain(await near('141.20.1.1'));
  expect(await near('200.144.248.1')).toBe('brazilsouth');
  run.child.kill('SIGINT');
  const fromMs = performance.now();
  expect(await run.code).toBe(0);
  expect(performance.now() - fromMs).toBeLessThan(5000);
  expect(run.out()).toContain('The demo ran');
});

test('a whole cloud dies and comes back by commands of a second process, and no request fails', async () => {
  const run = demo('--for', '40s');
  await printed(run, /^ *2s /m);
  const kill = demo('kill', 'gcp');
  expect(await kill.code).toBe(0);
  expect(kill.out()).toContain('gcp was stopped');
  // Nothing of the last seconds was answered by either of its regions.
  await printed(run, /gcp\/europe-west1 0% .*gcp\/asia-northeast1 0% .*\(stopped\)/);
  expect(run.out()).toMatch(/gcp\/asia-northeast1 0% unhealthy 0\.00[^,]*\(stopped\)/);
  const last = liveLines(run.out()).at(-1) ?? '';
  const shares = [...last.matchAll(/((?:aws|azure)\/[\w-]+) (\d+)%/g)].map(([, , share]) => Number(share));
  expect(shares).toHaveLength(4);
  expect(shares.reduce((sum, share) => sum + share)).toBeGreaterThan(95);

  expect(await demo('revive', 'gcp').code).toBe(0);
  await printed(run, /gcp was revived[^]*gcp\/(?:europe-west1|asia-northeast1) [1-9]\d*% /);
  run.child.kill('SIGTERM');
  expect(await run.code).toBe(0);
  expect(run.out()).toMatch(/ of its own clients, 0 failed\n/);
  expect(run.out()).toMatch(/failovers +[1-9]/);
}, 60_000);

test('a region that hangs holds nobody up for long, and no request fails', async () => {
  const run = demo('--for', '40s');
  await printed(run, /^ *2s /m);
  expect(await demo('hang', 'aws/us-east-1').code).toBe(0);
  await printed(run, /aws\/us-east-1 0% unhealthy[^,]*\(hung\)/);
  run.child.kill('SIGTERM');
  expect(await run.code).toBe(0);
  expect(run.out()).toMatch(/ of its own clients, 0 failed\n/);
}, 60_000);

test('without a demo there is nobody to order, also when one was killed and left its file', async () => {
  const none = demo('kill', 'gcp');
  expect(await none.code).toBe(1);
  expect(none.err()).toBe('meridian: no demo is running; start one with: npm run demo\n');

  const run = demo();
  await printed(run, /^ *1s /m);
  run.child.kill('SIGKILL');
  await run.code;
  const files = async () => (await readdir(folder)).filter((name) => name.endsWith('.json'));
  expect(await files()).toHaveLength(1);
  const stale = demo('kill', 'gcp');
  expect(await stale.code).toBe(1);
  expect(stale.err()).toBe('meridian: no demo is running; start one with: npm run demo\n');
  expect(await files()).toEqual([]);
});

test('when the edge cannot start, one sentence says why', async () => {
  // The demo's origins take the ports behind the edge's: those must be free, or they would be what is told of.
  const port = await freePorts(8);
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const run = demo('--port', String(port), '--for', '5s');
  expect(await run.code).toBe(1);
  expect(run.err()).toMatch(new RegExp(`^meridian: .*127\\.0\\.0\\.1:${port} is in use.*\\n$`));
  other.close();
});

test('wrong usage is a sentence, where to read more, and exit 2', async () => {
  const run = demo('--rate', '5000');
  expect(await run.code).toBe(2);
  expect(run.err()).toBe(
    'meridian: --rate takes requests a second, 1 to 1000; it is "5000"\nsee: meridian demo --help\n',
  );
});

test('one origin runs alone, until it is stopped', async () => {
  const run = demo('origin', '--cloud', 'aws', '--region', 'us-east-1', '--listen', '127.0.0.1:0', '--delay', '0ms');
  const port = (await vi.waitUntil(() => /127\.0\.0\.1:(\d+)/.exec(run.err()) ?? undefined, { timeout: 10_000 }))[1];
  const answer = await fetch(`http://127.0.0.1:${port}/x`);
  expect(await answer.json()).toMatchObject({ cloud: 'aws', region: 'us-east-1', path: '/x' });
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  run.child.kill('SIGTERM');
  expect(await run.code).toBe(0);
});
