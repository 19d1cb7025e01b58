import { expect, test } from 'vitest';
import { breakersOf } from '../../../src/health/checked-endpoint.ts';
import { cloudBreakerIndex } from '../../../src/table/endpoint-table.ts';
import { endpointOf, serviceOf } from '../discovery/topology.ts';

test('checks move the breakers of the owner of an endpoint, in its cloud', () => {
  const endpoint = endpointOf('a', { service: 'eu', cloud: 'oci' });
  const owner = { ...serviceOf([endpoint]), name: 'eu' };
  const placement = {
    rows: { [endpoint.id]: 7 },
    slots: { shop: 0, eu: 2 },
    clouds: { aws: 0, gcp: 1, azure: 2, oci: 4 },
  };
  expect(breakersOf(endpoint, owner, placement)).toEqual({
    row: 7,
    cloudBreaker: cloudBreakerIndex(2, 4),
    policy: owner.breakers,
  });
});
