import { expect, test } from 'vitest';
import type { ExplainQuery } from '../../../src/admin/ports.ts';
import { type Explained, explainRequest } from '../../../src/compose/explain-request.ts';
import type { GeoDatabase } from '../../../src/geo/maxmind.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

/** A database that knows one address, in Tokyo. */
const GEO: GeoDatabase = {
  kind: 'city',
  ipVersion: 6,
  builtAtMs: 0,
  lookup: (address) => (address === '198.51.100.7' ? { country: 'JP', latitude: 35.7, longitude: 139.7 } : undefined),
};

const FROM_CLIENT = 'routing: { latency_from: client }';

function asked(stage: Stage, query: Partial<ExplainQuery> = {}) {
  const { topology, placement, table } = stage;
  const world = { topology, placement, geo: GEO, table, nowMs: 1000 };
  return explainRequest(world, { clientIp: '198.51.100.7', priority: undefined, service: undefined, ...query });
}

function explained(stage: Stage, query: Partial<ExplainQuery> = {}): Explained {
  const answer = asked(stage, query);
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

test('it says where the client is, and who would answer', () => {
  const { client, priority, decision } = explained(stageOf(threeClouds({ service: FROM_CLIENT })));
  expect(client).toMatchObject({ address: '198.51.100.7', country: 'JP', precision: 'city' });
  expect(priority).toBe('balanced');
  expect(decision.chosen).toMatch(/^shop\/azure\/japaneast/);
  expect(decision.candidates).toHaveLength(3);
});

test('an address that cannot be placed is where the edge stands', () => {
  const { client, decision } = explained(stageOf(threeClouds()), { clientIp: '10.1.2.3' });
  expect(client.precision).toBe('edge');
  expect(decision.chosen).toMatch(/^shop\/aws\/us-east-1/);
});

test('a fence leaves out whom it does not admit', () => {
  const fenced = 'fence: { when: { countries: [JP] }, only: { clouds: [gcp] }, otherwise: 503 }';
  const { fence, decision } = explained(stageOf(threeClouds({ service: `${FROM_CLIENT}\n${fenced}` })));
  expect(fence).toEqual({ status: 503 });
  expect(decision.chosen).toMatch(/^shop\/gcp/);
  expect(decision.candidates.map(({ standing }) => standing)).toEqual(['ready', 'fenced', 'fenced']);
  expect(explained(stageOf(threeClouds({ service: FROM_CLIENT })))).not.toHaveProperty('fence');
});

test('by client it shows where that very client stays', () => {
  const service = `${FROM_CLIENT}\nsticky: { by: client }`;
  const chosen = (clientIp: string) => explained(stageOf(threeClouds({ service })), { clientIp }).decision.chosen;
  const all = Array.from({ length: 20 }, (_, i) => chosen(`192.0.2.${i}`));
  expect(new Set(all).size).toBeGreaterThan(1);
  expect(chosen('192.0.2.3')).toBe(all[3]);
  expect(explained(stageOf(threeClouds({ service })))).toMatchObject({ sticky: { by: 'client' } });
});

test('priority and health count as they do for a request', () => {
  const stage = stageOf(threeClouds());
  expect(explained(stage, { priority: 'latency' }).decision.weights.latency).toBe(0.5);
  stage.table.live.state[2] = HEALTH_STATE.unhealthy;
  expect(explained(stage).decision.chosen).not.toMatch(/azure/);
});

test('by itself it is the way from the edge that counts, where the file says where that is', () => {
  const { decision, ways } = explained(stageOf(threeClouds()));
  expect(decision.chosen).toMatch(/^shop\/aws\/us-east-1/);
  const [aws, , azure] = ways;
  expect(aws?.toEdgeMs).toBe(azure?.toEdgeMs);
  expect(aws?.sumMs).toBeLessThan(azure?.sumMs as number);
  expect(ways.map(({ measured }) => measured)).toEqual([false, false, false]);
  expect(ways.map(({ share }) => share)).toEqual([1, 0, 0]);
});

test('with latency_from: edge it is the measured distance that counts', () => {
  const stage = stageOf(threeClouds({ service: 'routing: { latency_from: edge }' }));
  stage.table.live.rttMs[1] = 3;
  const gcp = explained(stage).decision.candidates.find(({ cloud }) => cloud === 'gcp');
  expect(gcp?.rttMs).toBe(3);
});

test('shares are those that were measured', () => {
  const stage = stageOf(threeClouds());
  const diversity = () =>
    Object.fromEntries(explained(stage).decision.candidates.map(({ cloud, factors }) => [cloud, factors.diversity]));
  expect(diversity()).toEqual({ aws: 1, gcp: 1, azure: 1 });
  stage.table.live.cloudShare.set([0.5, 0.25, 0.25]);
  expect(diversity()).toEqual({ aws: 0.5, gcp: 0.75, azure: 0.75 });
});

test('a question that makes no sense is answered by a sentence', () => {
  const stage = stageOf(threeClouds());
  expect(asked(stage, { service: 'blog' })).toEqual({ error: 'no service "blog"; there are: shop' });
  expect(asked(stage, { priority: 'cheap' })).toEqual({
    error: 'no priority "cheap"; there are: latency, reliability, balanced',
  });
});
