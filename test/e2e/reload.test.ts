import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import type { Event } from '../../src/table/event.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';
import { running } from '../support/running.ts';

function yamlFor(ports: readonly [number, number, number], extra = '', top = ''): string {
  return threeCloudsYaml(ports, extra, `admin: { listen: "127.0.0.1:0" }\nlog: { level: silent }\n${top}`).replace(
    'edge: { id: test,',
    'edge: { id: test, workers: 2, drain: 1s,',
  );
}

const eventsOf = (all: readonly Event[], type: Event['type']) => all.filter((event) => event.type === type);

test('a changed file takes effect, keeps what is known, and costs no request', async () => {
  const origins = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name)));
  const ports = origins.map(({ port }) => port) as [number, number, number];
  // By the clients' distance, so that all of these go to azure first.
  const edge = await running(yamlFor(ports, '    routing: { latency_from: client }'));
  const { live } = edge.control.table;
  const rowsBefore = edge.control.rows.placement.rows;
  await vi.waitFor(
    () => expect(Object.values(rowsBefore).every((row) => live.state[row] === HEALTH_STATE.healthy)).toBe(true),
    5000,
  );
  // An open breaker that the reload must not forget: azure's, five failures in a row.
  await origins[2]?.kill();
  const near = { headers: { 'x-forwarded-for': '133.11.0.1', 'routing-priority': 'latency' } };
  for (let i = 0; i < 12; i += 1) await ask(edge.edge.port, near);
  const azureRow = Object.entries(rowsBefore).find(([id]) => id.includes('azure'))?.[1] ?? -1;
  const breakerBefore = live.breaker[azureRow];
  expect((breakerBefore ?? 0) & 3).toBe(1);

  let loading = true;
  const statuses: number[] = [];
  const load = Array.from({ length: 8 }, async () => {
    while (loading) statuses.push((await ask(edge.edge.port, near)).status);
  });
  for (let round = 1; round <= 5; round += 1) {
    edge.write(yamlFor(ports, `    routing: { latency_from: client, band: 0.0${round} }`));
    await vi.waitFor(() => expect(eventsOf(edge.events, 'reloaded')).toHaveLength(round), 10_000);
  }
  loading = false;
  await Promise.all(load);
  expect(statuses.length).toBeGreaterThan(20);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(edge.control.current.topology.services[0]?.routing.band).toBe(0.05);
  expect(edge.control.rows.placement.rows).toEqual(rowsBefore);
  expect(live.breaker[azureRow]).toBe(breakerBefore);
});

test('endpoints come and go: new ones are used, rows of old ones are given back when nothing is in flight', async () => {
  const [first, second] = await Promise.all([startOrigin('first'), startOrigin('second')]);
  const edge = await running(yamlFor([first.port, first.port, first.port]));
  expect((await ask(edge.edge.port)).body).toBe('first');
  edge.write(yamlFor([second.port, second.port, second.port]));
  await vi.waitFor(async () => expect((await ask(edge.edge.port)).body).toBe('second'), 5000);
  expect(new Set(Object.values(edge.control.rows.placement.rows))).toEqual(new Set([3, 4, 5]));
  edge.write(yamlFor([first.port, second.port, second.port]));
  await vi.waitFor(() => expect(Object.values(edge.control.rows.placement.rows)).toContain(0), 5000);
});

test('a bad file changes nothing and says what is wrong; a good one after it is taken', async () => {
  const origin = await startOrigin('x');
  const edge = await running(yamlFor([origin.port, origin.port, origin.port]));
  edge.write('version: 1\nservices: { shop: { endpoint: [] } }\n');
  await vi.waitFor(() => expect(eventsOf(edge.events, 'reload-rejected')).toHaveLength(1), 5000);
  expect(JSON.stringify(edge.events)).toMatch(/did you mean/);
  expect((await ask(edge.edge.port)).status).toBe(200);
  const metrics = await ask(edge.admin.port, { path: '/metrics' });
  expect(metrics.body).toMatch(/^meridian_reload_success 0$/m);
  edge.write(yamlFor([origin.port, origin.port, origin.port], '', 'routing: { band: 0.2 }'));
  await vi.waitFor(() => expect(eventsOf(edge.events, 'reloaded')).toHaveLength(1), 5000);
  expect((await ask(edge.admin.port, { path: '/metrics' })).body).toMatch(/^meridian_reload_success 1$/m);
});

test('what only a restart can change is reported', async () => {
  const origin = await startOrigin('x');
  const yaml = yamlFor([origin.port, origin.port, origin.port]);
  const edge = await running(yaml);
  edge.write(yaml.replace('workers: 2', 'workers: 1'));
  await vi.waitFor(() => expect(edge.events).toContainEqual({ type: 'restart-needed', keys: ['edge.workers'] }), 5000);
  // Put back, and another change that needs none: what is in force is what the file says.
  const before = eventsOf(edge.events, 'restart-needed').length;
  edge.write(yaml.replace('services:', 'slo: { objective: 99% }\nservices:'));
  await vi.waitFor(() => expect(edge.control.current.topology.services[0]?.slo.objective).toBe(0.99), 5000);
  await vi.waitFor(() => expect(eventsOf(edge.events, 'reloaded')).toHaveLength(2), 5000);
  expect(eventsOf(edge.events, 'restart-needed')).toHaveLength(before);
});

const HELD = 32;

test('an edge thread that dies is replaced, the other serves on, and nothing stays counted in flight', async () => {
  const origin = await startOrigin('x', (request, response) => {
    if (request.url !== '/held') response.end('x');
  });
  const edge = await running(yamlFor([origin.port, origin.port, origin.port]));
  // So many that each thread has some of them: which takes a connection is chance.
  const held = Array.from({ length: HELD }, () => ask(edge.edge.port, { path: '/held' }).catch(() => 'cut'));
  const inFlight = () => [...edge.control.table.live.inFlight].reduce((sum, count) => sum + count, 0);
  await vi.waitFor(() => expect(inFlight()).toBe(HELD));
  await edge.threads.kill(0);
  await vi.waitFor(() => expect(eventsOf(edge.events, 'worker-died')).toHaveLength(1));
  const left = inFlight();
  expect(left).toBeLessThan(HELD);
  expect((await ask(edge.edge.port)).status).toBe(200);
  await vi.waitFor(() => expect(eventsOf(edge.events, 'worker-started').length).toBeGreaterThanOrEqual(3), 10_000);
  await edge.threads.kill(1);
  await Promise.all(held);
  await vi.waitFor(() => expect(inFlight()).toBe(0));
  expect((await ask(edge.admin.port, { path: '/metrics' })).body).toMatch(/^meridian_worker_restarts_total 2$/m);
});

test('a database that is replaced is used; a corrupt replacement is not, and is reported', async () => {
  const folder = temporaryFolder();
  const file = `${folder.path}/geo.mmdb`;
  copyFileSync('test/fixtures/mmdb/GeoIP2-City-Test.mmdb', file);
  const origin = await startOrigin('x');
  const edge = await running(yamlFor([origin.port, origin.port, origin.port], '', `geo: { database: "${file}" }`));
  const country = async () =>
    (
      JSON.parse((await ask(edge.admin.port, { path: '/explain?client_ip=133.11.0.1' })).body) as {
        client: { country: string };
      }
    ).client.country;
  const before = await country();
  writeFileSync(file, 'this is no database');
  await vi.waitFor(() => expect(eventsOf(edge.events, 'geo-rejected')).toHaveLength(1), 10_000);
  expect(await country()).toBe(before);
  expect((await ask(edge.edge.port)).status).toBe(200);
  copyFileSync('config/geo/dbip-country.mmdb', `${file}.next`);
  renameSync(`${file}.next`, file);
  await vi.waitFor(() => expect(eventsOf(edge.events, 'geo-swapped')).toHaveLength(1), 10_000);
  expect(await country()).toBe('JP');
});
