import { expect, test } from 'vitest';
import { cacheFamilies } from '../../../src/observe/cache-families.ts';
import { ServiceTotals } from '../../../src/observe/service-totals.ts';
import { countCell, levelCell, SERVICE_CELLS } from '../../../src/table/service-cells.ts';
import { topologyOf } from '../config/parse-text.ts';
import { valuesOf } from './samples.ts';
import { worldOf } from './world.ts';

const service = (name: string, degraded: string) => `  ${name}:
    match: { hosts: [${name}.test] }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.1:80" }]
${degraded}`;
const world = worldOf(
  topologyOf(`version: 1
services:
${service('plain', '')}
${service('memory', '    degraded: { cache: {} }')}
${service('file', '    degraded: { cache: { store: sqlite, path: ./copies.sqlite } }')}
`),
);
const totals = new ServiceTotals(world.blocks, (ms) => ms);
totals.follow(world.topology, world.placement);
const families = cacheFamilies(
  () => totals.read(),
  () => world.topology,
);
const set = (name: string, cell: number, ...values: readonly number[]) => {
  for (const [i, value] of values.entries()) {
    world.blocks[i]!.services[world.placement.slots[name]! * SERVICE_CELLS + cell] = value;
  }
};

test('copies in memory are added up over threads; a file that all share is counted once', () => {
  for (const name of ['memory', 'file']) {
    set(name, levelCell('cache-entries'), 3, 4);
    set(name, levelCell('cache-bytes'), 300, 400);
  }
  expect(valuesOf(families, 'meridian_cache_entries')).toEqual({ memory: 7, file: 4 });
  expect(valuesOf(families, 'meridian_cache_bytes')).toEqual({ memory: 700, file: 400 });
});

test('one thread that cannot keep copies is enough to say so', () => {
  set('file', levelCell('cache-refuses'), 0, 1);
  expect(valuesOf(families, 'meridian_cache_writable')).toEqual({ memory: 1, file: 0 });
});

test.each([
  ['cache-hit', 'meridian_cache_hits_total'],
  ['cache-miss', 'meridian_cache_misses_total'],
  ['cache-eviction', 'meridian_cache_evictions_total'],
] as const)('%s is %s', (count, name) => {
  set('memory', countCell(count), 10, countCell(count));
  expect(valuesOf(families, name)).toEqual({ memory: 10 + countCell(count), file: 0 });
});
