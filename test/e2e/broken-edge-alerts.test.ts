import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { certificateFile } from '../../src/config/topology-acme.ts';
import { shippedAlerts, watchAlerts } from '../support/alert-watch.ts';
import { BROKEN_EDGE, BROKEN_FLEET } from '../support/alerts-that-fire.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { freePort, lacks } from '../support/programs.ts';
import { scratch } from '../support/scratch.ts';
import { issue } from '../support/x509.ts';
import { parseExposition, valueAt } from '../unit/observe/exposition.ts';

/*
 * An edge that is broken in every way that takes no days: what its own alerts say of it, and what those of a real Prometheus do, with the
 * rules that are shipped. Only their times are shorter. What takes a fleet is in broken-fleet-alerts.test.ts.
 */

const OLD_DATABASE = fileURLToPath(new URL('../fixtures/mmdb/GeoIP2-Country-Test.mmdb', import.meta.url));
const SOON = { timeout: 60_000, interval: 200 };

/** Bad answers among ten, in their order: what burns a budget of 10 % seven, four and two times as fast as it lasts. */
const BURNING = { six: 'gbbgbbbgbb', day: 'gbgbggbgbg', days: 'ggggbggggb' } as const;

/** Ends each edge thread that was there when the file was last touched: nothing outside of a process can end one of its threads. */
const ENDER = `import { statSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const bornMs = Date.now();
const look = () => statSync(process.env.END_OF_THREADS, { throwIfNoEntry: false })?.mtimeMs > bornMs && process.exit(1);
if (!isMainThread) setInterval(look, 50).unref();`;

async function brokenEdge() {
  const good = await startOrigin('good');
  const sick = await startOrigin('sick', (_, response) => void response.writeHead(500).end());
  const slow = await startOrigin('slow', (_, response) => void setTimeout(() => response.end('late'), 150));
  const flaky = await startOrigin('flaky', (_, response) => void response.writeHead(500).end());
  // No breaker opens for a 501: what is not there is not down.
  const burning = await startOrigin(
    'burning',
    ({ url = '' }, response) => void response.writeHead(url === '/b' ? 501 : 200).end(),
  );
  const left = await startOrigin('left', ({ url = '' }, response) => void (url === '/held' || response.end('x')));
  const gone = await freePort();
  const files = scratch();
  const shown = files.writePair('soon', issue({ names: ['soon.test'], from: -75, to: 15 }));
  const critical = files.writePair('sooner', issue({ names: ['sooner.test'], from: -85, to: 5 }));
  const authority = files.write('ca.pem', issue({ subject: 'root', ca: true, to: 5 }).cert);
  const terms = 'email: ops@example.com, agree_to_terms: true';
  const directory = `https://127.0.0.1:${gone}/`;
  const acme = `{ domains: [obtained.test, due.test], ${terms}, directory: "${directory}", folder: "${files.path}/acme" }`;
  // One that it has, which has been due for twenty days.
  const due = issue({ names: ['due.test'], from: -80, to: 10 });
  const dueFile = certificateFile({ directory, folder: `${files.path}/acme`, keyType: 'ecdsa' }, 'due.test');
  mkdirSync(dirname(dueFile), { recursive: true });
  writeFileSync(dueFile, `${due.key}${due.cert}`);
  const one = (name: string, at: string, port: number, more = '') => `  ${name}:
    match: { hosts: [${name}.test] }
${more}    endpoints: [{ ${at}, url: "http://127.0.0.1:${port}" }]
`;
  const burner = (name: string) =>
    one(name, 'cloud: gcp, region: us-central1', burning.port, '    slo: { objective: 90% }\n');
  const yaml = `version: 1
edge:
  id: test
  workers: 1
  drain: 0s
  listeners:
    - { listen: "127.0.0.1:0" }
    - { listen: "127.0.0.1:0", name: tls, tls: { ${shown}, certificates: [{ ${critical} }] } }
    - { listen: "127.0.0.1:0", name: obtained, tls: { acme: ${acme} } }
admin: { listen: "127.0.0.1:0" }
geo: { database: "${OLD_DATABASE}" }
health: { interval: 200ms, timeout: 150ms }
alerts:
  interval: 1s
  rules: { cloud_down: { for: 0s }, health_critical: { for: 0s }, no_endpoints: { for: 0s } }
  sinks: { webhook: { url: "http://127.0.0.1:${gone}/" } }
slo: { minimum_requests: 20, minimum_errors: 5 }
chaos: { enabled: true }
services:
  shop:
    match: { hosts: [shop.test] }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${gone}" }
      - { cloud: aws, region: us-west-2, url: "http://127.0.0.1:${gone}" }
      - { cloud: gcp, region: us-east4, url: "http://127.0.0.1:${good.port}" }
${one('lost', 'cloud: azure, region: eastus', gone)}${one('sick', 'cloud: gcp, region: us-west1', sick.port)}\
${one('slow', 'cloud: gcp, region: europe-west1', slow.port, '    health: { latency_limit: 20ms }\n')}\
${one('calm', 'cloud: gcp, region: us-east1', good.port)}${one('quiet', 'cloud: gcp, region: us-east1', good.port)}\
${one('left', 'cloud: gcp, region: us-east1', left.port)}${Object.keys(BURNING).map(burner).join('')}\
  flaky:
    match: { hosts: [flaky.test] }
    breakers: { failures: 2 }
    endpoints:
      - { cloud: gcp, region: us-west4, url: "http://127.0.0.1:${flaky.port}" }
      - { cloud: gcp, region: us-south1, url: "http://127.0.0.1:${flaky.port}" }
  own:
    match: { hosts: [own.test] }
    tls: { ca: ${authority} }
    endpoints: [{ cloud: aws, region: us-east-1, url: "https://127.0.0.1:${gone}" }]
`;
  const folder = temporaryFolder();
  const end = folder.write('end-of-threads', '');
  utimesSync(end, 0, 0);
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ENDER)}`, END_OF_THREADS: end };
  const edge = run(['start', '-c', folder.write('meridian.yaml', yaml)], env);
  const [, port] = await edge.printed(/serving .*?127\.0\.0\.1:(\d+)/);
  const [, admin] = await edge.printed(/admin on 127\.0\.0\.1:(\d+)/);
  return {
    edge,
    folder,
    left,
    port: Number(port),
    admin: Number(admin),
    breakFile: () => void folder.write('meridian.yaml', `${yaml}nonsense: true\n`),
    breakCertificate: () => void files.write('soon.pem', 'no certificate at all\n'),
    endThreads: () => utimesSync(end, new Date(), new Date()),
  };
}

type Broken = Awaited<ReturnType<typeof brokenEdge>>;

/** One request after the other at each service; the edge may just have lost its thread. */
async function askAll({ port }: Pick<Broken, 'port'>): Promise<void> {
  const visit = (host: string, path = '/') => ask(port, { path, headers: { host: `${host}.test` } }).catch(() => {});
  const burn = async ([name, answers]: readonly [string, string]) => {
    for (const answer of answers) await visit(name, `/${answer}`);
  };
  const others = ['shop', 'lost', 'sick', 'sick', 'sick', 'slow', 'slow', 'left', 'calm', 'calm'];
  await Promise.all([...Object.entries(BURNING).map(burn), ...others.map((host) => visit(host))]);
}

/** So many clients that leave while they wait. */
async function leaveWhileWaiting({ port, left }: Broken, clients: number): Promise<void> {
  const sockets = Array.from({ length: clients }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.write('GET /held HTTP/1.1\r\nHost: left.test\r\n\r\n');
  await vi.waitFor(() => expect(left.seen.filter(({ url }) => url === '/held')).toHaveLength(clients), SOON);
  for (const socket of sockets) socket.destroy();
}

/** Nobody reads the log any more, and it goes on growing until lines are dropped. */
async function fillLog({ edge, port, admin }: Broken): Promise<void> {
  edge.child.stdout?.pause();
  const visit = { path: `/${'x'.repeat(2000)}`, headers: { host: 'calm.test', 'user-agent': 'x'.repeat(250) } };
  await vi.waitFor(
    async () => {
      await Promise.all(Array.from({ length: 50 }, () => ask(port, visit)));
      expect(await counted(admin, 'meridian_log_lines_dropped_total')).toBeGreaterThan(0);
    },
    { ...SOON, interval: 0 },
  );
}

async function counted(admin: number, name: string): Promise<number> {
  return valueAt(parseExposition((await ask(admin, { path: '/metrics' })).body), name);
}

test('every alert that is shipped is fired for real, here or by a fleet', () => {
  expect([...BROKEN_EDGE.theirs, ...BROKEN_FLEET.theirs].toSorted()).toEqual(shippedAlerts());
});

test.skipIf(lacks('prometheus'))(
  'what is broken is alerted on, by the edge and by Prometheus',
  { timeout: 180_000 },
  async () => {
    const broken = await brokenEdge();
    const { edge, folder, port, admin, breakFile, breakCertificate, endThreads } = broken;
    const watch = await watchAlerts([admin], folder);
    // What is counted before the first scrape is no increase.
    await vi.waitFor(async () => expect(await watch.series('meridian_slo_requests_total')).toBeGreaterThan(0), SOON);
    const visit = (host: string) => ask(port, { headers: { host: `${host}.test` } });
    for (let i = 0; i < 20; i += 1) await Promise.all([visit('quiet'), visit('calm')]);
    await Promise.all([visit('flaky'), visit('flaky')]);
    await leaveWhileWaiting(broken, 40);
    const body = JSON.stringify({ name: 'x', kind: 'failure', answer: 500, radius: '50%', scope: { service: 'calm' } });
    await ask(admin, { method: 'POST', path: '/chaos/start', body });
    breakFile();
    breakCertificate();
    await fillLog(broken);

    const except = (names: readonly string[], what: RegExp) => names.filter((name) => !what.test(name));
    await vi.waitFor(async () => {
      await askAll(broken);
      const { ours, theirs } = await watch.look();
      expect(BROKEN_EDGE.ours.filter((name) => !ours.has(name))).toEqual([]);
      expect(except(BROKEN_EDGE.theirs, /^MeridianDown|ThreadRestarts/).filter((name) => !theirs.has(name))).toEqual(
        [],
      );
    }, SOON);

    for (const ended of [1, 2, 3, 4]) {
      // A thread that is still to be born when the file is touched lives on.
      await vi.waitFor(async () => expect((await visit('calm')).status).toBe(200), SOON);
      endThreads();
      await vi.waitFor(async () => expect(await counted(admin, 'meridian_worker_restarts_total')).toBe(ended), SOON);
      const severity = ended < 3 ? 'warning' : 'critical';
      // The first is told of before there are more.
      if (ended === 1 || ended === 4)
        await vi.waitFor(async () => {
          expect((await watch.look()).theirs).toContain(`MeridianThreadRestarts ${severity}`);
        }, SOON);
    }
    edge.child.kill('SIGKILL');
    await vi.waitFor(async () => expect((await watch.look()).theirs).toContain('MeridianDown critical'), SOON);
  },
);
