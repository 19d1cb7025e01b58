import { expect, test } from 'vitest';
import { type OverrideVerb, readOverrideOrder } from '../../../src/config/read-override.ts';

const GCP = { cloud: 'gcp', region: 'europe-west1' };
const WHY = { reason: 'why not' };

test.each<[OverrideVerb, object, object]>([
  [
    'drain',
    { ...GCP, ...WHY },
    { kind: 'drain', level: 0, scope: GCP, forMs: undefined, actor: 'operator', reason: 'why not', force: false },
  ],
  [
    'drain',
    { endpoint: 'shop/a', for: '1h', actor: 'ann', force: true, ...WHY },
    { scope: { endpoint: 'shop/a' }, forMs: 3_600_000, actor: 'ann', force: true },
  ],
  ['drain', { cloud: 'gcp', service: 'shop', ...WHY }, { scope: { cloud: 'gcp', service: 'shop' } }],
  ['undrain', GCP, { kind: 'drain', level: null, reason: '' }],
  ['weight', { ...GCP, weight: 0.25, ...WHY }, { kind: 'weight', level: 0.25 }],
  ['weight', { ...GCP, weight: '25%', ...WHY }, { kind: 'weight', level: 0.25 }],
  ['weight', { ...GCP, weight: 1 }, { kind: 'weight', level: null }],
  ['weight', { ...GCP, weight: 0, ...WHY }, { kind: 'drain', level: 0 }],
  ['capacity', { ...GCP, capacity: 40, ...WHY }, { kind: 'capacity', level: 40 }],
  ['capacity', { ...GCP, capacity: 'configured' }, { kind: 'capacity', level: null }],
])('%s %j', (verb, body, order) => {
  expect(readOverrideOrder(verb, body)).toMatchObject(order);
});

test.each<[OverrideVerb, object, string]>([
  ['drain', {}, 'it must name either a cloud'],
  ['drain', { ...GCP, endpoint: 'x', ...WHY }, 'it must name either a cloud'],
  ['drain', { region: 'europe-west1', ...WHY }, 'it must name either a cloud'],
  ['drain', { endpoint: 'x', service: 'shop', ...WHY }, 'region and service go with a cloud'],
  ['drain', { cloud: 'gpc', ...WHY }, 'cloud must be aws, gcp or azure; it is "gpc"; did you mean "gcp"?'],
  ['drain', { ...GCP }, 'reason is missing'],
  ['drain', { ...GCP, ...WHY, fro: '1h' }, 'did you mean "for"?'],
  ['drain', { ...GCP, ...WHY, for: '0s' }, 'for must be from 1s to 8760h'],
  ['drain', { ...GCP, ...WHY, force: 'yes' }, 'force must be true or false'],
  ['undrain', { ...GCP, for: '1h' }, 'for is no key of this block'],
  ['weight', { ...GCP, ...WHY }, 'weight is missing'],
  ['weight', { ...GCP, ...WHY, weight: 1.5 }, 'weight must be a number from 0 to 1'],
  ['weight', { ...GCP, weight: 1, for: '1h' }, 'for is for what ends by itself'],
  ['weight', { ...GCP, weight: 0.5 }, 'reason is missing'],
  ['capacity', { ...GCP, ...WHY, capacity: 0 }, 'capacity must be configured, or a whole number from 1'],
])('%s %j is wrong', (verb, body, problem) => {
  const read = readOverrideOrder(verb, body);
  expect('problems' in read && read.problems).toContainEqual(expect.stringContaining(problem));
});

test.each([null, 'gcp', 7, [GCP]])('%j is no order', (body) => {
  expect(readOverrideOrder('drain', body)).toHaveProperty('problems');
});
