import { expect, test } from 'vitest';
import { ClientSeed } from '../../../src/fleet/client-seed.ts';
import { FleetDouble } from '../../support/fleet-double.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const SHARED = threeClouds({ service: 'limits: { per_client: { requests: 10/s } }' });

function edgeOf(double: FleetDouble, name: string, draw: number) {
  const fleet = double.join(name, 'r', () => draw * 1000);
  const { table } = stageOf(SHARED);
  const seed = new ClientSeed({ fleet, table, random: () => draw });
  return { fleet, seed, live: table.live, drawn: Math.floor(draw * 2 ** 32) | 1 };
}

test('the first edge that needs a seed draws it, and all others take that', async () => {
  const double = new FleetDouble();
  const [a, b] = [edgeOf(double, 'a', 0.3), edgeOf(double, 'b', 0.6)];
  a.seed.begin(SHARED);
  expect(a.live.limitSeed[0]).toBe(a.drawn);
  expect(b.live.limitSeed[0]).toBe(a.drawn);
  b.seed.begin(SHARED);
  const late = edgeOf(double, 'c', 0.9);
  await late.fleet.start();
  late.seed.begin(SHARED);
  expect([a, b, late].map(({ live }) => live.limitSeed[0])).toEqual([a.drawn, a.drawn, a.drawn]);
});

test('edges that drew without having heard of each other come to one seed', () => {
  const double = new FleetDouble();
  const [a, b] = [edgeOf(double, 'a', 0.3), edgeOf(double, 'b', 0.6)];
  double.cut('b');
  a.seed.begin(SHARED);
  b.seed.begin(SHARED);
  expect(b.live.limitSeed[0]).toBe(b.drawn);
  double.heal('b');
  expect(a.live.limitSeed[0]).toBe(b.live.limitSeed[0]);
});

test('where no limit for clients is shared nothing is drawn and nothing is told', () => {
  const double = new FleetDouble();
  const edge = edgeOf(double, 'a', 0.3);
  for (const limits of [
    'requests: 5/s',
    'over: edge, per_client: { requests: 5/s }',
    'per_client: { concurrent: 3 }',
  ]) {
    edge.seed.begin(threeClouds({ service: `limits: { ${limits} }` }));
  }
  expect(edge.live.limitSeed[0]).toBe(0);
  expect(edge.fleet.list('')).toEqual([]);
});

test('what is no seed is left alone', () => {
  const double = new FleetDouble();
  const [a, b] = [edgeOf(double, 'a', 0.3), edgeOf(double, 'b', 0.6)];
  for (const seed of [0, 1.5, 'x', undefined]) void a.fleet.put('limits/client-seed', { seed });
  void a.fleet.put('limits/another', { seed: 7 });
  expect(b.live.limitSeed[0]).toBe(0);
  b.seed.begin(SHARED);
  expect(a.live.limitSeed[0]).toBe(b.drawn);
});
