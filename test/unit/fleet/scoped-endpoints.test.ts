import { expect, test } from 'vitest';
import { isInScope, type OverrideScope, scopeText } from '../../../src/config/override-scope.ts';
import { ScopedEndpoints } from '../../../src/fleet/scoped-endpoints.ts';
import { threeClouds } from '../../support/topology.ts';

const topology = threeClouds({ each: 2 });
const all = topology.services.flatMap(({ endpoints }) => endpoints);

test.each<OverrideScope>([
  { cloud: 'gcp' },
  { cloud: 'gcp', service: 'shop' },
  { cloud: 'gcp', service: 'other' },
  { cloud: 'gcp', region: 'europe-west1' },
  { cloud: 'gcp', region: 'us-east-1' },
  { cloud: 'gcp', region: 'europe-west1', service: 'shop' },
  { endpoint: all[3]?.id ?? '' },
  { endpoint: 'shop/gcp' },
])('finds the endpoints that are in the scope %o, and no others', (scope) => {
  const found = [...new ScopedEndpoints(topology).in([scopeText(scope)])];
  expect(found).toEqual(all.filter((endpoint) => isInScope(scope, endpoint)));
});

test('an endpoint that several scopes reach is there once', () => {
  const index = new ScopedEndpoints(topology);
  expect([...index.in(['gcp', 'gcp/europe-west1', all[3]?.id ?? ''])]).toHaveLength(2);
  expect([...index.in([])]).toEqual([]);
});
