import { expect, test } from 'vitest';
import { surveyEndpoints } from '../../../src/observe/endpoint-survey.ts';
import { BreakerCells } from '../../../src/resilience/breaker-cells.ts';
import { cloudBreakerIndex, HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { rowOf, type TestWorld, topologyWith, worldOf } from './world.ts';

const survey = (world: TestWorld) => surveyEndpoints({ ...world, regionOf: ({ region }) => region });

test('the worst of the endpoints of a region is shown, of all services', () => {
  const world = worldOf(topologyWith({ shop: ['aws/us-east-1', 'aws/us-east-1'], cart: ['aws/us-east-1', 'gcp/a'] }));
  const { live } = world.table;
  const [one, two, cart] = [rowOf(world, 0), rowOf(world, 1), rowOf(world, 0, 1)];
  [live.health[one], live.health[two], live.health[cart]] = [1, 0.3, 0.7];
  [live.latencyMs[one], live.latencyMs[cart]] = [20, 250];
  [live.errorRate[one], live.errorRate[two]] = [0.01, 0.2];
  expect(survey(world).regions).toEqual([
    { region: 'us-east-1', cloud: 'aws', health: 0.3, latencyS: 0.25, errorRate: 0.2, capacity: 30 },
    { region: 'a', cloud: 'gcp', health: 0.5, latencyS: undefined, errorRate: 0, capacity: 10 },
  ]);
});

test('a capacity that an operator has said counts instead of that of the file', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x', 'aws/x'] }));
  world.table.live.capacity[rowOf(world, 0)] = 4;
  expect(survey(world).regions).toMatchObject([{ capacity: 14 }]);
});

test('how ill a drained endpoint is shows only where nothing else is', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x', 'aws/x', 'gcp/y'] }));
  const { live } = world.table;
  const [one, two, three] = [rowOf(world, 0), rowOf(world, 1), rowOf(world, 2)];
  [live.health[one], live.health[two], live.health[three]] = [0, 0.9, 0.1];
  live.drained[one] = 1;
  live.drained[three] = 1;
  const healths = () => survey(world).regions.map(({ health }) => Number(health.toFixed(3)));
  expect(healths()).toEqual([0.9, 0.1]);
  [live.drained[one], live.drained[two]] = [0, 1];
  expect(healths()).toEqual([0, 0.1]);
});

test('one region name in two clouds is two regions', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x', 'gcp/x'] }));
  expect(survey(world).regions).toHaveLength(2);
  expect(survey(world).services).toHaveLength(2);
});

test('states, drains and breakers are counted by service', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x', 'aws/x', 'aws/x'], cart: ['aws/x'] }));
  const { live } = world.table;
  live.state[rowOf(world, 0)] = HEALTH_STATE.unhealthy;
  live.state[rowOf(world, 1)] = HEALTH_STATE.healthy;
  live.drained[rowOf(world, 1)] = 1;
  openBreaker(live.breaker, rowOf(world, 2));
  const at = { region: 'x', cloud: 'aws' };
  expect(survey(world).services).toEqual([
    {
      service: 'shop',
      ...at,
      states: { unknown: 1, healthy: 1, degraded: 0, unhealthy: 1 },
      drained: 1,
      usable: 1,
      breaker: 2,
      assigned: undefined,
    },
    {
      service: 'cart',
      ...at,
      states: { unknown: 1, healthy: 0, degraded: 0, unhealthy: 0 },
      drained: 0,
      usable: 1,
      breaker: 0,
      assigned: undefined,
    },
  ]);
});

test('what is assigned shows once it is, and only where requests are assigned', () => {
  const plain = topologyWith({ shop: ['aws/x', 'aws/x'], cart: ['aws/x'] });
  const services = plain.services.map((service) =>
    service.name === 'shop' ? { ...service, routing: { ...service.routing, select: 'optimal' as const } } : service,
  );
  const world = worldOf({ ...plain, services });
  const { live } = world.table;
  const assigned = () => survey(world).services.map((service) => service.assigned);
  [live.assignedPart[rowOf(world, 0)], live.assignedPart[rowOf(world, 1)]] = [0.25, 0.5];
  expect(assigned()).toEqual([undefined, undefined]);
  live.assignedAtMs.fill(0);
  expect(assigned()).toEqual([0.75, undefined]);
});

test('breakers of clouds are those of the clouds that a service uses', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x', 'azure/y'], cart: ['gcp/z'] }));
  openBreaker(world.table.live.cloudBreaker, cloudBreakerIndex(world.placement.slots['shop']!, 2));
  expect(survey(world).cloudBreakers).toEqual([
    { service: 'shop', cloud: 'aws', state: 0 },
    { service: 'shop', cloud: 'azure', state: 2 },
    { service: 'cart', cloud: 'gcp', state: 0 },
  ]);
});

test('a region that is shown under another name is one with the others there', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x', 'aws/y'] }));
  const { regions, services } = surveyEndpoints({ ...world, regionOf: () => 'other' });
  expect(regions.map(({ region, capacity }) => [region, capacity])).toEqual([['other', 20]]);
  expect(services).toHaveLength(1);
});

test('an endpoint without a row is left out', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x'] }));
  expect(survey({ ...world, placement: { rows: {}, slots: {} } })).toEqual({
    regions: [],
    services: [],
    cloudBreakers: [],
  });
});

/** One failure under a policy of one opens a breaker. */
function openBreaker(words: Int32Array, index: number): void {
  const cells = new BreakerCells(words, new Float64Array(words.length));
  const at = { nowMs: 0, policy: { failures: 1, successes: 1, openMs: 1000, probes: 1 } };
  cells.report(index, cells.admit(index, at), 'failure', at);
  expect(cells.read(index).state).toBe('open');
}
