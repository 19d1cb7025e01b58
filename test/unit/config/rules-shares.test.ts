import { expect, test } from 'vitest';
import { shareFaults } from '../../../src/config/rules-shares.ts';

type Endpoints = readonly Readonly<Record<string, unknown>>[];
const faults = (endpoints: Endpoints, service: object = {}, root: object = {}) =>
  shareFaults({ ...root, services: { s: { ...service, endpoints } } }).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );

test.each<[Endpoints, object?, object?]>([
  [[{}, {}]],
  [[{ tier: 1 }, { tier: 2 }, { tier: 3 }, {}]],
  [[{ weight: 0 }, { weight: '5%' }]],
  [[{ cloud: 'aws', weight: 0 }, { cloud: 'gcp' }], {}, { routing: { cloud_weights: { aws: 0 } } }],
  // The service says otherwise than the file.
  [[{ cloud: 'aws' }], { routing: { cloud_weights: { aws: 1 } } }, { routing: { cloud_weights: { aws: 0 } } }],
  [[{ set: 'a' }, { set: 'b' }], { split: { a: 1, b: 0 } }],
  // What the schema has already refused.
  [[{ tier: 'x' }, { tier: 2.5 }, { weight: {} }]],
  [[{}], { split: 7 }],
  [[]],
])('%j %j %j is good', (endpoints, service, root) => {
  expect(faults(endpoints, service, root)).toEqual([]);
});

test.each<[Endpoints, object, string]>([
  [
    [{}, { tier: 3 }],
    {},
    's.endpoints.1.tier is 3, and no endpoint of this service is in tier 2; number the tiers from 1 on',
  ],
  [[{ tier: 2 }, { tier: 2 }], {}, 's.endpoints.0.tier is 2, and no endpoint of this service is in tier 1'],
  [[{ weight: 0 }, { weight: '0%' }], {}, 's.endpoints has weights that leave none of its endpoints anything'],
  [
    [{ cloud: 'aws' }, { cloud: 'gcp', weight: 0 }],
    { routing: { cloud_weights: { aws: '0%' } } },
    's.endpoints has weights that leave none',
  ],
  [[{ set: 'canary' }], {}, 's.endpoints.0.set is for split, which this service does not have; add split: { canary: 5'],
  [
    [{ set: 'canary' }],
    { split: { canry: 1, canary: 1 } },
    's.split.canry names no set: no endpoint of this service has set: canry, and no backend that it sends to is called so; did you mean "canary"?',
  ],
  [[{ set: 'a' }, {}], { split: { a: 1 } }, 's.endpoints.1 is in no set; give it one of a, or add its set to split'],
  [[{ set: 'a' }, { set: 'b' }], { split: { a: 1 } }, 's.endpoints.1.set is in the set b, which split does not name'],
  [[{ set: 'a' }], { split: { a: 0 } }, 's.split has parts that sum to 0; give at least one set a part above 0'],
])('%j %j', (endpoints, service, message) => {
  expect(faults(endpoints, service)).toEqual([expect.stringContaining(message)]);
});
