import { expect, test } from 'vitest';
import { DEFAULT_VALUES } from '../../../src/config/topology-values.ts';
import { SERVICES, topologyOf } from './parse-text.ts';

const fleetOf = (lines: string) => topologyOf(`version: 1\n${lines}\n${SERVICES}`).fleet;

test('without the block nothing is shared', () => {
  expect(fleetOf('')).toBeUndefined();
});

test('what is left out has its default', () => {
  expect(fleetOf('fleet: { store: memory }')).toEqual({
    store: 'memory',
    path: undefined,
    region: 'local',
    regions: [],
    prefix: 'meridian:',
    commandMs: 500,
    replicateMs: 5000,
    reportMs: 1000,
    forgetMs: 5000,
    compareMs: 5000,
    edges: 1,
    values: DEFAULT_VALUES,
  });
});

test('an edge that is alone calls its region by cloud and region', () => {
  expect(fleetOf('edge: { region: gcp/europe-west1 }\nfleet: { store: memory }')?.region).toBe('gcp/europe-west1');
});

test('the regions of redis, and which is its own', () => {
  const fleet = fleetOf(`edge: { id: a, region: gcp/us-central1 }
fleet:
  store: redis
  report: 2s
  regions: { a: { url: redis://h }, us-central1: { url: "rediss://:p@i", ca: /c.pem } }`);
  expect(fleet).toMatchObject({ store: 'redis', region: 'us-central1', reportMs: 2000 });
  expect(fleet?.regions).toEqual([
    { name: 'a', url: 'redis://h', ca: undefined },
    { name: 'us-central1', url: 'rediss://:p@i', ca: '/c.pem' },
  ]);
  expect(Object.isFrozen(fleet?.regions[0])).toBe(true);
});

test('values: what the file says of prefixes and limits', () => {
  const fleet = fleetOf(`edge: { id: e }
fleet:
  store: redis
  region: a
  regions: { a: { url: redis://h }, b: { url: redis://i }, c: { url: redis://j } }
  merge: { "counters/": counter, "": lowest }
  consistency: { "locks/": strong }
  values: { keys: 7, bytes: 2KiB, rate: 3, tombstones: 90m }`);
  expect(fleet?.values).toEqual({
    merges: { 'counters/': 'counter', '': 'lowest' },
    consistency: { 'locks/': 'strong' },
    keysMax: 7,
    bytesMax: 2048,
    writesPerSecondMax: 3,
    tombstoneMs: 5_400_000,
  });
});
