import { expect, test } from 'vitest';
import { FLEET_REGIONS_MAX } from '../../../src/config/rules-fleet.ts';
import { problemsOf, problemsWith } from './parse-text.ts';

const EDGE = 'edge: { id: a, region: aws/us-east-1 }';
const redis = (fleet: string, edge = EDGE) => problemsWith(`${edge}\nfleet: { store: redis, ${fleet} }`);

test('the region of an edge is that of its place, or the one that is named', () => {
  expect(redis('regions: { us-east-1: { url: redis://h } }')).toEqual([]);
  expect(redis('region: b, regions: { b: { url: redis://h }, c: { url: redis://i } }')).toEqual([]);
});

test.each([
  [
    'regions: { us-east1: { url: redis://h } }',
    EDGE,
    '"us-east-1" is not one of fleet.regions; did you mean "us-east1"?',
  ],
  ['region: d, regions: { b: { url: redis://h } }', EDGE, 'fleet.region: "d" is not one of fleet.regions'],
  ['regions: { b: { url: redis://h } }', 'edge: { id: a }', 'fleet: does not say which of its regions this edge is in'],
  ['regions: {}', EDGE, 'fleet.store: is redis, which needs at least one region'],
  ['region: us-east-1', EDGE, 'fleet.store: is redis, which needs at least one region'],
  ['region: b, regions: { b: { url: redis://h } }', '', 'fleet.store: is redis, for which edge.id must be set'],
  ['path: /a, regions: { us-east-1: { url: redis://h } }', EDGE, 'fleet.path: is only for store: sqlite'],
  ['regions: { us-east-1: { url: redis://h, ca: /a.pem } }', EDGE, 'regions.us-east-1.ca: is only for rediss'],
  [
    'regions: { us-east-1: { url: redis://h }, b: { url: "redis://u:p@h:6379/0" } }',
    EDGE,
    'fleet.regions.b.url: is the store of us-east-1 already',
  ],
  ['report: 3s, regions: { us-east-1: { url: redis://h } }', EDGE, 'fleet.report: makes forget (5000 ms) shorter'],
  ['forget: 1s, regions: { us-east-1: { url: redis://h } }', EDGE, 'fleet.forget: makes forget (1000 ms) shorter'],
])('redis with %s', (fleet, edge, message) => {
  expect(redis(fleet, edge)).toEqual([expect.stringContaining(message)]);
});

test('databases of one server are stores of their own, but there is a limit to how many', () => {
  const regions = (count: number) =>
    Array.from({ length: count }, (_, i) => `r${i}: { url: "redis://h:${7000 + i}" }`).join(', ');
  expect(redis('region: a, regions: { a: { url: redis://h/0 }, b: { url: redis://h/1 } }')).toEqual([]);
  expect(redis(`region: r0, regions: { ${regions(FLEET_REGIONS_MAX)} }`)).toEqual([]);
  expect(redis(`region: r0, regions: { ${regions(FLEET_REGIONS_MAX + 1)} }`)).toEqual([
    expect.stringContaining('fleet.regions: has 65 regions; at most 64'),
  ]);
});

test.each([
  ['{ store: sqlite }', 'fleet.store: is sqlite, which needs a file; add path:'],
  ['{ store: memory, path: /a }', 'fleet.path: is only for store: sqlite'],
  ['{ store: memory, region: a }', 'fleet.region: is only for store: redis; with memory an edge is alone'],
  ['{ store: sqlite, path: /a, regions: { b: { url: redis://h } } }', 'fleet.regions: is only for store: redis'],
])('%s', (fleet, message) => {
  expect(problemsWith(`fleet: ${fleet}`)).toEqual([expect.stringContaining(message)]);
});

test('the file of a fleet is nobody else’s', () => {
  const text = `version: 1
fleet: { store: sqlite, path: /a.sqlite }
services:
  shop:
    degraded: { cache: { store: sqlite, path: /a.sqlite } }
    endpoints: [{ cloud: aws, region: us-east-1, url: http://h }]
`;
  expect(problemsOf(text)).toEqual(['2:31 fleet.path: is the file of services.shop already; give the fleet its own']);
});

const THREE = 'region: a, regions: { a: { url: redis://h }, b: { url: redis://i }, c: { url: redis://j } }';
test.each([
  [`${THREE}, consistency: { "locks/": strong }`, undefined],
  [`${THREE}, consistency: { "": eventual }, merge: { "a/b": union, "": newest }`, undefined],
  [
    'region: a, regions: { a: { url: redis://h }, b: { url: redis://i } }, consistency: { "locks/": strong }',
    'fleet.consistency["locks/"]: is strong, which needs 3 regions at least, and there are 2',
  ],
  [
    `${THREE}, consistency: { "locks/": strong }, merge: { "locks/": union }`,
    'fleet.merge["locks/"]: is for keys that fleet.consistency makes strong',
  ],
  [`${THREE}, consistency: { "locks/": quorum }`, 'did you mean "strong"?'],
  [`${THREE}, merge: { "counters/": sum }`, 'did you mean "counter"?'],
  [`${THREE}, merge: { "/x": union }`, 'fleet.merge'],
  [`${THREE}, values: { bytes: 0 }`, 'fleet.values.bytes: is 0, so that nothing could be kept'],
  [`${THREE}, values: { keys: 20000 }`, 'fleet.values.keys: must be a whole number from 1 to 10000'],
  [`${THREE}, values: { tombstones: 1s }`, 'fleet.values.tombstones'],
])('values: %s', (fleet, problem) => {
  const problems = redis(fleet);
  if (problem === undefined) expect(problems).toEqual([]);
  else expect(problems.join('\n')).toContain(problem);
});

test('an edge that is alone has no majority', () => {
  const problems = problemsWith('fleet: { store: memory, consistency: { "locks/": strong } }');
  expect(problems.join('\n')).toContain('needs 3 regions at least, and there is 1');
});
