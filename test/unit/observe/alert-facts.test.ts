import { expect, test } from 'vitest';
import { tableFacts } from '../../../src/observe/alert-facts.ts';
import { cloudBreakers, endpointBreakers } from '../../../src/resilience/admission.ts';
import { cloudBreakerIndex, HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { NO_PLACEMENT } from '../../../src/table/placement.ts';
import { rowOf, topologyWith, worldOf } from './world.ts';

const ONE_FAILURE = { nowMs: 0, policy: { failures: 1, successes: 1, openMs: 1000, probes: 1 } };

test('what the table says of each endpoint, and of the clouds whose breaker is open', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x', 'gcp/y'], blog: ['azure/z'] }));
  const { live } = world.table;
  const row = rowOf(world, 1);
  live.health[row] = 0.25;
  live.state[row] = HEALTH_STATE.unhealthy;
  live.drained[row] = 1;
  endpointBreakers(world.table).report(row, 0, 'failure', ONE_FAILURE);
  cloudBreakers(world.table).report(cloudBreakerIndex(world.placement.slots['blog']!, 2), 0, 'failure', ONE_FAILURE);
  const { endpoints, openClouds } = tableFacts(world.topology, world.placement, world.table, {
    isCutOff: (id) => id === world.topology.services[0]?.endpoints[1]?.id,
    reasonOf: (id) => (id.includes('/gcp/') ? 'error rate 40 %' : undefined),
    breakerCauseOf: (_service, cloud) => (cloud === 'azure' ? { by: 'b', cause: 'answered 500' } : undefined),
  });
  expect(endpoints).toHaveLength(3);
  expect(endpoints[0]).toMatchObject({
    state: 'unknown',
    health: 0.5,
    drained: false,
    breakerOpen: false,
    cutOff: false,
  });
  expect(endpoints[1]).toMatchObject({
    service: 'shop',
    cloud: 'gcp',
    region: 'y',
    state: 'unhealthy',
    health: 0.25,
    drained: true,
    breakerOpen: true,
    cutOff: true,
    reason: 'error rate 40 %',
  });
  expect(openClouds).toEqual([{ service: 'blog', cloud: 'azure', cause: 'b: answered 500' }]);
});

test('endpoints without a row are left out', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x'] }));
  expect(tableFacts(world.topology, NO_PLACEMENT, world.table, { isCutOff: () => true })).toEqual({
    endpoints: [],
    openClouds: [],
  });
});
