import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startFleet } from '../support/fleet-edges.ts';

const gcp = 'gcp, region: europe-west1,';

test('a flag that is set at one edge takes an endpoint out on all, over a reload, and a drain beside it counts on its own', async () => {
  const { edges } = await startFleet();
  const [iad, fra, nrt] = edges;
  for (const edge of edges) await edge.rewrite((yaml) => yaml.replace(gcp, `${gcp} unless: freeze,`));
  const served = async (edge: (typeof edges)[number]) => (await edge.ask()).body;
  await vi.waitFor(async () => expect(await Promise.all(edges.map(served))).toEqual(['gcp', 'gcp', 'gcp']));
  const put = (value: string) =>
    ask(fra.admin, { method: 'PUT', path: '/fleet/values/flags/freeze?actor=ana', body: value });
  expect((await put('true')).status).toBe(200);
  for (const edge of edges) expect(await served(edge)).not.toBe('gcp');
  expect(nrt.events).toContainEqual({ type: 'flag-switched', flag: 'flags/freeze', on: true, endpoints: 1, rules: 0 });
  // Who asks why is told which flag it is.
  const status = await nrt.get<{ endpoints: { cloud: string; drained: boolean; keptAwayBy?: string }[] }>('/status');
  expect(status.endpoints.map(({ cloud, drained, keptAwayBy }) => [cloud, drained, keptAwayBy])).toContainEqual([
    'gcp',
    true,
    'flags/freeze',
  ]);
  const { conditions } = await nrt.get<{ conditions: Record<string, { keptAwayBy?: string }> }>(
    '/explain?client_ip=91.0.0.1',
  );
  expect(Object.values(conditions).flatMap(({ keptAwayBy }) => keptAwayBy ?? [])).toEqual(['flags/freeze']);
  await nrt.rewrite((yaml) => yaml.replace('ramp: 0s', 'ramp: 1ms'));
  expect(await served(nrt)).not.toBe('gcp');
  // Either is enough, and lifting one does not lift the other.
  await iad.post('/drain', { cloud: 'gcp', reason: 'too', actor: 'ana' });
  expect((await put('false')).status).toBe(200);
  expect(await served(nrt)).not.toBe('gcp');
  expect((await put('true')).status).toBe(200);
  await iad.post('/undrain', { cloud: 'gcp', actor: 'ana' });
  expect(await served(nrt)).not.toBe('gcp');
  expect((await ask(fra.admin, { method: 'DELETE', path: '/fleet/values/flags/freeze' })).status).toBe(200);
  await vi.waitFor(async () => expect(await Promise.all(edges.map(served))).toEqual(['gcp', 'gcp', 'gcp']));
  // What is not plainly on is off.
  for (const value of ['1', '"yes"', '"off"', '{"on": true}']) {
    expect((await put(value)).status).toBe(200);
    expect(await served(iad)).toBe('gcp');
  }
});

test('a rule of match holds while its flag is on, on every edge and both engines, also where it was on before the rule came', async () => {
  const rule = 'match: [{ flag: beta-on }, { hosts: [beta.example] }]';
  const beta = `  beta:\n    ${rule}\n    redirect: { path: { set: /beta } }\n`;
  const { edges } = await startFleet();
  const [iad, fra] = edges;
  const put = (value: string) =>
    ask(fra.admin, { method: 'PUT', path: '/fleet/values/flags/beta-on?actor=ana', body: value });
  expect((await put('true')).status).toBe(200);
  expect((await iad.ask()).status).toBe(200);
  for (const edge of edges) await edge.rewrite((yaml) => yaml.replace('services:\n', `services:\n${beta}`));
  // A body without a length goes to the general engine.
  const asked = async (edge: (typeof edges)[number]) => [
    (await edge.ask()).status,
    (await edge.ask({ method: 'POST', body: 'x', headers: { 'transfer-encoding': 'chunked' } })).status,
  ];
  await vi.waitFor(async () => expect(await Promise.all(edges.map(asked))).toEqual(edges.map(() => [308, 308])));
  expect((await put('false')).status).toBe(200);
  await vi.waitFor(async () => expect(await Promise.all(edges.map(asked))).toEqual(edges.map(() => [200, 200])));
  const explained = async () => {
    const query = new URLSearchParams({ client_ip: '91.0.0.1', url: 'http://any.example/' });
    const { decision } = await iad.get<{ decision: { service: string } }>(`/explain?${query.toString()}`);
    return decision.service;
  };
  expect(await explained()).toBe('shop');
  expect((await put('"on"')).status).toBe(200);
  await vi.waitFor(async () => expect(await Promise.all(edges.map(asked))).toEqual(edges.map(() => [308, 308])));
  expect(await explained()).toBe('beta');
  expect(iad.events).toContainEqual({
    type: 'flag-switched',
    flag: 'flags/beta-on',
    on: false,
    endpoints: 0,
    rules: 1,
  });
});
