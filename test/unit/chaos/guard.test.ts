import { expect, test } from 'vitest';
import { guardStops, type Welfare } from '../../../src/chaos/guard.ts';
import { runningOf } from '../../support/chaos.ts';
import { topologyOf } from '../../support/topology.ts';

const topology = topologyOf(`version: 1
chaos: { enabled: true, guard: { burn_rate: 10, errors: 5, health: 0.5 } }
services:
  shop:
    match: { hosts: [shop.example.com] }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.1" }]
  web:
    endpoints: [{ cloud: gcp, region: europe-west1, url: "http://10.0.0.2" }]
`);
const SLOW = { kind: 'latency', delayMs: 5 } as const;
const running = [runningOf('of-shop', SLOW, { scope: { service: 'shop' } }), runningOf('of-all', SLOW)];
const WELL: Welfare = { burnRate: 0, errors: 0, health: 1 };

function stopped(shop: Partial<Welfare>, web: Partial<Welfare> = {}): readonly string[] {
  const welfare: Record<string, Welfare> = { shop: { ...WELL, ...shop }, web: { ...WELL, ...web } };
  return guardStops(running, topology, (name) => welfare[name] as Welfare).map(({ experiment }) => experiment);
}

test.each<[string, Partial<Welfare>, boolean]>([
  ['is well', {}, false],
  ['burns as fast as it may', { burnRate: 10, errors: 100 }, false],
  ['burns faster', { burnRate: 10.1, errors: 5 }, true],
  ['had too few errors to believe it', { burnRate: 10_000, errors: 4 }, false],
  ['is as healthy as it must be', { health: 0.5 }, false],
  ['is not', { health: 0.49 }, true],
])('a service that %s: %j', (_, shop, stops) => {
  expect(stopped(shop)).toEqual(stops ? ['of-shop', 'of-all'] : []);
});

test('an experiment answers for the services that its scope reaches', () => {
  expect(stopped({}, { health: 0 })).toEqual(['of-all']);
});

test('a stop says how fast the budget burns, and over what time', () => {
  const stops = guardStops(running, topology, () => ({ burnRate: 812.34, errors: 9, health: 1 }));
  expect(stops[0]).toEqual({
    experiment: 'of-shop',
    detail: 'shop burns its error budget 812.3 times as fast as it may, over 10',
  });
});
