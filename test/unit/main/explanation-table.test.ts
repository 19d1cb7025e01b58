import { expect, test } from 'vitest';
import type { Explained } from '../../../src/compose/explain-request.ts';
import { explanationTable } from '../../../src/main/explanation-table.ts';

const FACTORS = { latency: 0.9, capacity: 1, health: 0.5, diversity: 1 };

function candidate(endpoint: string, more: Partial<Explained['decision']['candidates'][number]> = {}) {
  return {
    endpoint,
    cloud: 'aws' as const,
    region: 'us-east-1',
    rttMs: 12.34,
    inFlight: 0,
    fleetInFlight: 0,
    capacity: 100,
    capacityInFile: 100,
    capacityFit: 1,
    weight: 1,
    heldBack: false,
    weightInFile: 1,
    tier: 1,
    set: undefined,
    assignedShare: 0,
    factors: FACTORS,
    score: 0.8,
    standing: 'ready' as const,
    chosen: false,
    tied: false,
    ...more,
  };
}

function way(endpoint: string, more: Partial<Explained['ways'][number]> = {}): Explained['ways'][number] {
  return { endpoint, toEdgeMs: 5, fromEdgeMs: 12.34, measured: false, slowMs: 0, sumMs: 17.34, share: 0, ...more };
}

function explained(decision: Partial<Explained['decision']> = {}): Explained {
  return {
    client: { address: '203.0.113.1', country: 'JP', precision: 'country', points: [] },
    priority: 'balanced',
    ways: [way('shop/a', { share: 0.75, measured: true, slowMs: 8 }), way('shop/b')],
    decision: {
      service: 'shop',
      weights: { latency: 0.3, capacity: 0.25, health: 0.3, diversity: 0.15 },
      select: 'best',
      assigned: false,
      band: 0.01,
      chosen: 'shop/a',
      panic: false,
      disregardsHealth: false,
      candidates: [candidate('shop/a', { chosen: true, tied: true }), candidate('shop/b', { standing: 'drained' })],
      ...decision,
    },
  };
}

test('one line a candidate, the chosen one marked, numbers under their heads', () => {
  const lines = explanationTable(explained(), 0).split('\n');
  expect(lines[0]).toBe('client 203.0.113.1: JP (country); service shop, priority balanced, select best');
  const [head = '', , chosen = '', other = ''] = lines.slice(2);
  expect(chosen).toMatch(/^→ {2}shop\/a +12\.3 +0\.900 +1\.000 +0\.500 +1\.000 +0\.8000 +75 % +ready$/);
  expect(other).toMatch(/^ {3}shop\/b .* drained$/);
  expect(head.indexOf('score') + 'score'.length).toBe(chosen.indexOf('0.8000') + '0.8000'.length);
  expect(lines).toContain('chosen: shop/a');
});

test('both legs of the way are there, and what they come to', () => {
  const lines = explanationTable(explained(), 0).split('\n');
  const at = lines.findIndex((line) => line.includes('client to edge'));
  expect(lines[at + 1]).toMatch(/^ +shop\/a +5\.0 +12\.3 +8\.0 +17\.3 +measured$/);
  expect(lines[at + 2]).toMatch(/^ +shop\/b +5\.0 +12\.3 +0\.0 +17\.3 +estimated$/);
});

test('what becomes of the message is said where a URL was given', () => {
  const passage = { url: 'http://a/b', rule: 'match[1]' };
  const second = (more: object) =>
    explanationTable({ ...explained(), passage: { ...passage, ...more } }, 0).split('\n')[1];
  const asked = { target: '/c', host: 'd', set: ['X-A: 1'] };
  expect([
    second({ asked }),
    second({ asked: { ...asked, set: [] } }),
    second({ redirect: 'http://e' }),
    second({ refused: true }),
  ]).toEqual([
    'GET http://a/b: by match[1]; the endpoint is asked for /c, with Host: d; X-A: 1',
    'GET http://a/b: by match[1]; the endpoint is asked for /c, with Host: d',
    'GET http://a/b: by match[1]; the client is redirected to http://e, and no endpoint is asked',
    'GET http://a/b: by match[1]; refused with 400, since its path leads out of what is put before it',
  ]);
  expect(second({})).toBe('GET http://a/b: by match[1]');
});

test('a fence says whom it leaves, and what there is without them', () => {
  const kept = [candidate('shop/a', { chosen: true }), candidate('shop/b', { standing: 'fenced' })];
  const lines = explanationTable({ ...explained({ candidates: kept }), fence: { status: 451 } }, 0).split('\n');
  expect(lines).toContain('fence: 1 of 2 endpoints may serve it; when none of them can, the client gets 451');
});

test.each(['client', 'cookie', 'header'] as const)('a service that keeps clients by %s says so', (by) => {
  expect(explanationTable({ ...explained(), sticky: { by, onFailure: 'move' } }, 0)).toContain(`\nsticky by ${by}: `);
});

test('how far load and clouds may send a request, where that is bounded', () => {
  const line =
    'balanced: load and clouds may send it 20 ms farther than to the nearest that has room, so up to 62.3 ms far';
  expect(explanationTable(explained({ boundMs: 62.34 }), 0).split('\n')).toContain(line);
  expect(explanationTable(explained(), 0)).not.toContain('farther than to the nearest');
});

test('shares of the file are told where there are any', () => {
  const one = candidate('shop/a', { chosen: true, weightInFile: 0.05, tier: 2, set: 'canary' });
  const text = explanationTable(explained({ candidates: [one], disregardsHealth: true }), 0);
  expect(text).toContain('behind its equals for 95 % of requests, by the file');
  expect(text).toContain('tier 2: it takes what those above cannot');
  expect(text).toContain('in the set canary');
  expect(text).toContain('panic_below: so little is healthy that health is disregarded');
});

test('ties are explained', () => {
  const tied = [candidate('shop/a', { chosen: true, tied: true }), candidate('shop/b', { tied: true })];
  const text = explanationTable(explained({ candidates: tied }), 0);
  expect(text).toMatch(/^= {2}shop\/b/m);
  expect(text).toMatch(/within 0\.01 of the best/);
});

test('panic, nobody, and a client that nobody can place are said', () => {
  expect(explanationTable(explained({ panic: true }), 0)).toMatch(/in panic/);
  expect(explanationTable(explained({ chosen: undefined, candidates: [] }), 0)).toMatch(/nobody may be sent to/);
  const somewhere = explained();
  const nowhere = { ...somewhere, client: { ...somewhere.client, country: '' } };
  expect(explanationTable(nowhere, 0)).toMatch(/the edge’s own place/);
});

test('what operators and other edges have to do with it is said', () => {
  const more = { weight: 0.25, heldBack: true, capacity: 40, inFlight: 3, fleetInFlight: 12.04, capacityFit: 0.5 };
  const text = explanationTable(
    explained({ candidates: [candidate('shop/a', { chosen: true }), candidate('shop/b', more)] }),
    0,
  );
  expect(text).toContain(
    "\nshop/b: behind its equals for 75 % of requests, by an operator's weight 0.25; capacity 40 by an operator (100 in the file); its capacity counts 0.5 times, by how long requests wait there; in flight 3 here and 12 from other edges\n",
  );
  expect(text).not.toContain('\nshop/a:');
});

test('of a running edge: why an endpoint is not well', () => {
  const moved = { breakerSince: null, breakerBy: null, breakerCause: null };
  const check = { last: null, outcome: null, error: null, next: null };
  const well = { state: 'healthy', since: null, reason: 'all checks are good', check, breaker: 'closed', ...moved };
  const sick = {
    ...well,
    state: 'degraded',
    since: '1970-01-01T00:00:00.000Z',
    reason: 'latency 2000 ms, above 1000 ms',
  };
  const conditions = { 'shop/a': well, 'shop/b': sick } as NonNullable<Explained['conditions']>;
  const text = explanationTable({ ...explained(), conditions }, 3_600_000);
  expect(text).toContain('\nshop/b: degraded for 1 h: latency 2000 ms, above 1000 ms\n');
  expect(text).not.toContain('\nshop/a:');
});

test('what is assigned is told, and what happens where nothing is', () => {
  const candidates = [candidate('shop/a', { chosen: true, tied: true, assignedShare: 0.75 }), candidate('shop/b')];
  const text = explanationTable(explained({ select: 'optimal', assigned: true, candidates }), 0);
  expect(text).toContain('shop/a: 75 % of such requests are assigned to it');
  expect(text).toContain('drawn by the shares that are assigned');
  expect(explanationTable(explained({ select: 'optimal' }), 0)).toContain('nothing is assigned for such a request now');
  expect(explanationTable(explained(), 0)).not.toContain('assigned');
});

test('a mirror is named, since what it gets is no answer of anybody’s', () => {
  const mirror = { to: 'shadow', share: 0.01, methods: ['GET', 'HEAD'] };
  expect(explanationTable({ ...explained(), mirror }, 0)).toContain(
    '\nmirror: 1 % of GET, HEAD go to shadow too; its answers are dropped\n',
  );
});

test('what was learned of how many requests an endpoint bears is said', () => {
  const learned = [
    candidate('shop/a', { inFlightMax: 12, inFlight: 9 }),
    candidate('shop/b', { inFlightMax: Infinity }),
  ];
  const text = explanationTable(explained({ candidates: learned }), 0);
  expect(text).toContain(
    'shop/a: it gets at most 12 requests at a time, as was learned from how long they take; it has 9\n',
  );
  expect(text).toContain('shop/b: it gets any number of requests at a time: nothing has been learned yet');
});
