import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Topology } from '../../../src/config/topology.ts';
import { HealthMonitor } from '../../../src/health/monitor.ts';
import { EndpointTable, HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../../src/table/placement.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';
import { endpointOf, serviceOf, topologyOf } from '../discovery/topology.ts';
import { VirtualTime } from '../discovery/virtual-time.ts';

const LIMITS = { rows: 1000, services: 4, workers: 1 };

let time: VirtualTime;
let table: EndpointTable;
let monitor: HealthMonitor;
let placement: Placement;
/** Hosts that were checked, one entry a check; how many connections were opened for it; and by whose name it was counted. */
let checks: string[];
let opened: number;
let names: Set<string>;
let down: Set<string>;

beforeEach(() => {
  time = new VirtualTime([0.5]);
  table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  placement = NO_PLACEMENT;
  [checks, opened, names, down] = [[], 0, new Set(), new Set()];
  monitor = new HealthMonitor({
    ...time.deps,
    table,
    checked: (name) => names.add(name),
    openProber: ({ url: { host } }) => {
      opened += 1;
      return {
        check: async () => {
          checks.push(host);
          const reachable = !down.has(host);
          const latencyMs = reachable ? 20 : undefined;
          return { reachable, latencyMs, connectMs: undefined, status: 200, error: reachable ? undefined : 'refused' };
        },
        close: () => {},
      };
    },
  });
  monitor.start();
});

afterEach(() => monitor.close());

function load(topology: Topology): void {
  const next = place(topology, placement, NOT_BUSY, LIMITS);
  for (const row of next.freshRows) table.resetRow(row);
  placement = next.placement;
  monitor.update(topology, placement, { authorities: {}, clientPairs: {} });
}

test('endpoints that services share are checked once, however many send to them', async () => {
  const endpoints = [endpointOf('a', { service: 'eu' }), endpointOf('b', { service: 'eu' })];
  const { health, breakers, timeouts, tls, ...rest } = serviceOf(endpoints);
  const eu = { name: 'eu', health, breakers, timeouts, tls };
  const using = (name: string) => ({ ...rest, health, breakers, timeouts, tls, name, backends: [eu] });
  load({ ...topologyOf(using('shop'), using('blog')), backends: [{ ...eu, endpoints }] });
  await time.pass(11_000);
  expect(checks.filter((host) => host === 'a').length).toBe(2);
  expect(opened).toBe(2);
  expect(names).toEqual(new Set(['eu']));
  // Both services have started: all that they send to has been checked.
  expect([...table.live.starting].slice(0, 3)).toEqual([0, 0, 0]);
});

test('an endpoint that goes by the name of a backend from now on is still the one that is known', async () => {
  down.add('a');
  load(topologyOf(serviceOf([endpointOf('a')])));
  await time.pass(750);
  const row = placement.rows['shop/aws/us-east-1/a:80'] as number;
  const endpoints = [endpointOf('a', { service: 'eu' })];
  const { health, breakers, timeouts, tls, ...rest } = serviceOf(endpoints);
  const eu = { name: 'eu', health, breakers, timeouts, tls };
  load({
    ...topologyOf({ ...rest, health, breakers, timeouts, tls, backends: [eu] }),
    backends: [{ ...eu, endpoints }],
  });
  expect(placement.rows['eu/aws/us-east-1/a:80']).toBe(row);
  expect(table.live.state[row]).toBe(HEALTH_STATE.unhealthy);
  down.delete('a');
  await time.pass(25_000);
  expect(time.events.at(-1)).toMatchObject({ endpoint: 'eu/aws/us-east-1/a:80', from: 'unhealthy' });
});
