import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { threeCloudsYaml } from '../support/rig.ts';
import { running } from '../support/running.ts';

// Endpoints say how full they are, to requests and to health checks; the fuller one gets less, and no client hears of it.

type Says = { load: string | undefined };

async function started(more = '', service = '') {
  const says: Record<string, Says> = { aws: { load: undefined }, gcp: { load: undefined }, azure: { load: undefined } };
  const answer = (name: string) => (_: IncomingMessage, response: ServerResponse) => {
    const { load } = says[name] as Says;
    if (load !== undefined) response.setHeader('Endpoint-Load-Metrics', load);
    response.setHeader('Cache-Control', 'max-age=60');
    response.end(name);
  };
  const origins = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name, answer(name))));
  const ports = origins.map(({ port }) => port) as [number, number, number];
  const yaml = threeCloudsYaml(
    ports,
    `    routing: { load: reported, band: 0, priorities: { room: { latency: 0, capacity: 1, health: 0, diversity: 0 } } }\n${service}`,
    `admin: { listen: "127.0.0.1:0" }\nlog: { level: silent }\nhealth: { interval: 100ms, timeout: 90ms, path: /up }\n${more}`,
  ).replace('edge: { id: test,', 'edge: { id: test, workers: 2, drain: 0s,');
  const meridian = await running(yaml);
  const { table, rows } = meridian.control;
  const all = () => Object.values(rows.placement.rows);
  await vi.waitFor(() => expect(all().every((row) => table.live.state[row] === HEALTH_STATE.healthy)).toBe(true), 5000);
  const get = (path = '/') => ask(meridian.edge.port, { path, headers: { 'routing-priority': 'room' } });
  const admin = async (path: string) => (await ask(meridian.admin.port, { path })).body;
  const reported = (cloud: string): number =>
    table.live.reportedLoad[
      Object.entries(rows.placement.rows).find(([id]) => id.includes(`/${cloud}/`))?.[1] as number
    ] as number;
  return { says, get, admin, reported };
}

test('health checks alone say who is full, and requests go to the other', async () => {
  const { says, get, reported, admin } = await started();
  (says['aws'] as Says).load = 'TEXT cpu_utilization=0.9';
  (says['gcp'] as Says).load = 'JSON {"application_utilization": 0.2, "cpu_utilization": 0.9}';
  (says['azure'] as Says).load = 'TEXT cpu_utilization=0.95';
  await vi.waitFor(
    () => expect([reported('aws') > 0.5, reported('gcp') > 0.1, reported('azure') > 0.5]).toEqual([true, true, true]),
    5000,
  );
  for (let i = 0; i < 10; i += 1) {
    const reply = await get();
    expect([reply.body, reply.headers['endpoint-load-metrics']]).toEqual(['gcp', undefined]);
  }
  await vi.waitFor(async () => {
    const text = await admin('/metrics');
    expect(text).toMatch(/^meridian_endpoint_reported_load\{region="us-east-1",cloud="aws"\} 0\.(?:9|8999999\d*)$/m);
    expect(text).toMatch(/^meridian_load_reports_total\{service="shop",result="taken"\} 10$/m);
  }, 5000);
  const status = JSON.parse(await admin('/status')) as { endpoints: { cloud: string; reportedLoad: number | null }[] };
  expect(status.endpoints.find(({ cloud }) => cloud === 'azure')?.reportedLoad).toBeCloseTo(0.95);
  const said = JSON.parse(await admin('/explain?client_ip=3.80.0.1&priority=room')) as {
    decision: { chosen: string; candidates: { cloud: string; reportedLoad?: number; factors: { capacity: number } }[] };
  };
  expect(said.decision.chosen).toContain('/gcp/');
  const aws = said.decision.candidates.find(({ cloud }) => cloud === 'aws');
  expect(aws?.reportedLoad).toBeCloseTo(0.9);
  expect(aws?.factors.capacity).toBeLessThan(0.5);
});

test('what cannot be is counted and changes nothing', async () => {
  const { says, get, reported, admin } = await started();
  for (const one of Object.values(says)) one.load = 'TEXT cpu_utilization=-1';
  for (let i = 0; i < 6; i += 1) expect((await get()).status).toBe(200);
  expect(['aws', 'gcp', 'azure'].map(reported)).toEqual([0, 0, 0]);
  await vi.waitFor(
    async () =>
      expect(await admin('/metrics')).toMatch(/^meridian_load_reports_total\{service="shop",result="ignored"\} 6$/m),
    5000,
  );
});

test('a copy of an answer does not have it either', async () => {
  const { says, get } = await started('', '    degraded: { primary_timeout: 500ms }\n');
  for (const one of Object.values(says)) one.load = 'TEXT cpu_utilization=0.5';
  expect((await get('/kept')).headers).not.toHaveProperty('endpoint-load-metrics');
  expect((await get('/kept')).headers).not.toHaveProperty('endpoint-load-metrics');
});
