import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Topology } from '../../../src/config/topology.ts';
import type { HealthPolicy } from '../../../src/config/topology-policy.ts';
import type { CheckResult, CheckTarget } from '../../../src/health/check.ts';
import { CHECKS_MAX, HealthMonitor } from '../../../src/health/monitor.ts';
import { cloudBreakers, endpointBreakers } from '../../../src/resilience/admission.ts';
import type { Address } from '../../../src/table/addresses.ts';
import { EndpointTable, HEALTH_STATE, NOT_RAMPING } from '../../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../../src/table/placement.ts';
import {
  OUTCOMES,
  type Outcome,
  type WorkerBlock,
  workerBlock,
  workerBlockBytes,
} from '../../../src/table/worker-block.ts';
import { endpointOf, serviceOf, topologyOf } from '../discovery/topology.ts';
import { VirtualTime } from '../discovery/virtual-time.ts';

const LIMITS = { rows: 1000, services: 4, workers: 2 };
const GOOD: CheckResult = { reachable: true, latencyMs: 20, connectMs: undefined, status: 200, error: undefined };
const BAD: CheckResult = {
  ...GOOD,
  reachable: false,
  latencyMs: undefined,
  status: undefined,
  error: 'connection refused',
};

type Check = { host: string; atMs: number; addresses: readonly Address[] };

let time: VirtualTime;
let table: EndpointTable;
let block: WorkerBlock;
let monitor: HealthMonitor;
let checks: Check[];
/** What was told of each check that was made. */
let counted: [string, boolean, number][];
let closed: string[];
let opened: CheckTarget[];
let placement: Placement;
/** What each host answers; `hangs` never does. A host that is not in here is good. */
let answers: Map<string, CheckResult | 'hangs'>;

beforeEach(() => {
  time = new VirtualTime([0.5]);
  table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  block = workerBlock(table.shared, 1);
  checks = [];
  counted = [];
  closed = [];
  opened = [];
  answers = new Map();
  placement = NO_PLACEMENT;
  monitor = new HealthMonitor({
    ...time.deps,
    table,
    checked: (...one) => counted.push(one),
    openProber: (target) => {
      opened.push(target);
      const { host } = target.url;
      const { promise, resolve } = Promise.withResolvers<CheckResult>();
      return {
        check: (addresses) => {
          checks.push({ host, atMs: time.nowMs, addresses });
          const answer = answers.get(host) ?? GOOD;
          return answer === 'hangs' ? promise : Promise.resolve(answer);
        },
        close: () => {
          closed.push(host);
          resolve(BAD);
        },
      };
    },
  });
  monitor.start();
});

afterEach(() => monitor.close());

function load(topology: Topology, authorities = {}): void {
  const next = place(topology, placement, NOT_BUSY, LIMITS);
  for (const row of next.freshRows) table.resetRow(row);
  placement = next.placement;
  monitor.update(topology, placement, { authorities, clientPairs: {} });
}

const hosts = (...names: string[]) => names.map((name) => endpointOf(name));
const shop = (names: string[], health: Partial<HealthPolicy> = {}): Topology =>
  topologyOf(serviceOf(hosts(...names), health));
const rowOf = (host: string): number => placement.rows[`shop/aws/us-east-1/${host}:80`] as number;
const stateOf = (host: string): number => table.live.state[rowOf(host)] as number;
const atOf = (host: string): number[] => checks.filter((check) => check.host === host).map(({ atMs }) => atMs);
const changes = (): unknown[] =>
  time.events.map((event) => (event.type === 'endpoint-state' ? [event.from, event.to] : event));

function serve(host: string, outcome: Outcome, count: number): void {
  const cell = rowOf(host) * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  block.outcomes[cell] = (block.outcomes[cell] as number) + count;
}

test('every endpoint is unknown at first, and known within half a second, without a ramp', async () => {
  answers.set('b', BAD);
  load(shop(['a', 'b']));
  expect([stateOf('a'), stateOf('b')]).toEqual([HEALTH_STATE.unknown, HEALTH_STATE.unknown]);
  await time.pass(750);
  expect([stateOf('a'), stateOf('b')]).toEqual([HEALTH_STATE.healthy, HEALTH_STATE.unhealthy]);
  expect(table.live.health[rowOf('b')]).toBe(0);
  expect(table.live.latencyMs[rowOf('a')]).toBe(20);
  expect(table.live.rampFromMs[rowOf('a')]).toBe(NOT_RAMPING);
  expect(counted.filter(([, good]) => good)).toEqual([['shop', true, 0]]);
  expect(counted).toHaveLength(checks.length);
  expect(changes()).toEqual([
    ['unknown', 'healthy'],
    ['unknown', 'unhealthy'],
  ]);
});

test('first checks are spread over the first half second, and later ones around the interval', async () => {
  await monitor.close();
  time = new VirtualTime([0, 0.25, 0.5, 0.75, 0.99]);
  monitor = new HealthMonitor({
    ...time.deps,
    table,
    openProber: ({ url }) => ({
      check: (addresses) => {
        checks.push({ host: url.host, atMs: time.nowMs, addresses });
        return Promise.resolve(GOOD);
      },
      close: () => {},
    }),
  });
  monitor.start();
  load(shop(Array.from({ length: 40 }, (_, i) => `host-${i}`)));
  await time.pass(60_000);
  const first = checks.slice(0, 40).map(({ atMs }) => atMs);
  expect(Math.max(...first)).toBeLessThan(500 + 300);
  expect(new Set(first).size).toBeGreaterThan(2);
  const times = atOf('host-7');
  for (const [i, at] of times.slice(1).entries()) {
    expect(at - (times[i] as number)).toBeGreaterThanOrEqual(8900);
    expect(at - (times[i] as number)).toBeLessThanOrEqual(11_400);
  }
});

test('a failed check is confirmed soon, and then the endpoint is down', async () => {
  load(shop(['a']));
  await time.pass(5000);
  answers.set('a', BAD);
  await time.pass(30_000);
  const [, second, third] = atOf('a') as [number, number, number];
  expect(third - second).toBeLessThan(1400);
  expect(changes()).toEqual([
    ['unknown', 'healthy'],
    ['healthy', 'unhealthy'],
  ]);
  expect(table.live.health[rowOf('a')]).toBe(0);
});

test('one that is down is confirmed soon when it answers again, and comes back on a ramp', async () => {
  load(shop(['a']));
  await time.pass(1000);
  answers.set('a', BAD);
  await time.pass(30_000);
  answers.set('a', GOOD);
  await time.pass(12_500);
  expect(stateOf('a')).toBe(HEALTH_STATE.healthy);
  expect(table.live.rampFromMs[rowOf('a')]).toBeGreaterThan(31_000);
  expect(changes().at(-1)).toEqual(['unhealthy', 'healthy']);
});

test('an endpoint that only starts later than the edge is found within seconds, not an interval', async () => {
  answers.set('a', BAD);
  load(shop(['a']));
  await time.pass(3000);
  answers.set('a', GOOD);
  await time.pass(3000);
  expect(stateOf('a')).toBe(HEALTH_STATE.healthy);
});

test('an endpoint that is never there is checked at the interval after its first one', async () => {
  answers.set('a', BAD);
  load(shop(['a']));
  await time.pass(110_000);
  expect(atOf('a').filter((at) => at > 12_000).length).toBeLessThanOrEqual(10);
});

test('each service has its own interval', async () => {
  load(
    topologyOf(
      serviceOf(hosts('slow'), { intervalMs: 60_000 }),
      serviceOf([endpointOf('quick', { service: 'api' })], { intervalMs: 2000 }, 'api'),
    ),
  );
  await time.pass(59_000);
  expect(atOf('slow')).toHaveLength(1);
  expect(atOf('quick').length).toBeGreaterThan(24);
});

test('checks that hang hold up neither the others nor themselves twice', async () => {
  answers.set('hangs', 'hangs');
  load(shop(['hangs', 'a']));
  await time.pass(60_000);
  expect(atOf('hangs')).toHaveLength(1);
  expect(atOf('a').length).toBeGreaterThanOrEqual(5);
});

test('no more than so many checks are under way at a time', async () => {
  const names = Array.from({ length: CHECKS_MAX + 20 }, (_, i) => `host-${i}`);
  for (const name of names) answers.set(name, 'hangs');
  load(shop(names));
  await time.pass(5000);
  expect(checks).toHaveLength(CHECKS_MAX);
});

test('errors in the traffic are seen within two seconds, long before the next check', async () => {
  load(shop(['a', 'b']));
  await time.pass(3000);
  serve('a', 'success', 200);
  serve('b', 'success', 200);
  await time.pass(1500);
  expect(stateOf('a')).toBe(HEALTH_STATE.healthy);
  serve('a', 'reset', 60);
  serve('b', 'abandoned', 60);
  await time.pass(1200);
  expect(stateOf('a')).toBe(HEALTH_STATE.unhealthy);
  expect(stateOf('b')).toBe(HEALTH_STATE.healthy);
  expect(table.live.errorRate[rowOf('a')]).toBeGreaterThan(0.2);
  expect(table.live.errorRate[rowOf('b')]).toBe(0);
  expect(atOf('a')).toHaveLength(1);
});

test('checks use the addresses that discovery has found last', async () => {
  load(shop(['a']));
  await time.pass(1000);
  const found = [{ host: '10.0.0.1', port: 80 }];
  monitor.setAddresses({ 'shop/aws/us-east-1/a:80': found });
  await time.pass(12_000);
  expect(checks.map(({ addresses }) => addresses)).toEqual([[], found]);
});

test('an endpoint behind SRV waits for its addresses, but not for ever', async () => {
  load(topologyOf(serviceOf([endpointOf('found', { resolve: 'srv' }), endpointOf('lost', { resolve: 'srv' })])));
  await time.pass(2000);
  expect(checks).toEqual([]);
  monitor.setAddresses({ 'shop/aws/us-east-1/found:80': [{ host: '10.0.0.1', port: 7 }] });
  await time.pass(1000);
  expect(checks.map(({ host }) => host)).toEqual(['found']);
  await time.pass(4000);
  expect(checks.map(({ host }) => host)).toEqual(['found', 'lost']);
});

test('a reload keeps history and connections, forgets what is gone, and checks what is new at once', async () => {
  load(shop(['a', 'b']));
  await time.pass(1000);
  serve('a', 'success', 50);
  serve('a', 'error-status', 50);
  await time.pass(1500);
  expect(stateOf('a')).toBe(HEALTH_STATE.unhealthy);
  load(shop(['a', 'c']));
  await time.pass(900);
  expect(closed).toEqual(['b']);
  expect(opened.map(({ url }) => url.host)).toEqual(['a', 'b', 'c']);
  expect(stateOf('a')).toBe(HEALTH_STATE.unhealthy);
  expect(stateOf('c')).toBe(HEALTH_STATE.healthy);
  await time.pass(60_000);
  expect(atOf('b')).toHaveLength(1);
});

test('a reload that changes what is asked opens a new connection and keeps the history', async () => {
  load(shop(['a']));
  await time.pass(1000);
  answers.set('a', BAD);
  load(shop(['a'], { path: '/other' }));
  await time.pass(800);
  expect([opened.map(({ path }) => path), closed]).toEqual([['/healthz', '/other'], ['a']]);
  // One failed check after a good one: still up, as before the reload.
  expect(stateOf('a')).toBe(HEALTH_STATE.healthy);
});

test('limits of a reload hold from the next reading on', async () => {
  load(shop(['a']));
  await time.pass(1000);
  expect(stateOf('a')).toBe(HEALTH_STATE.healthy);
  load(shop(['a'], { latencyLimitMs: 10 }));
  await time.pass(1500);
  expect(stateOf('a')).toBe(HEALTH_STATE.degraded);
  expect(opened).toHaveLength(1);
});

test('a check of an endpoint that has gone writes nothing', async () => {
  answers.set('a', 'hangs');
  load(shop(['a']));
  await time.pass(1000);
  const row = rowOf('a');
  load(shop(['b']));
  await time.pass(100);
  expect(closed).toEqual(['a']);
  expect(time.events.filter((event) => event.type === 'endpoint-state' && event.endpoint.includes('/a:'))).toEqual([]);
  expect(table.live.state[row]).not.toBe(HEALTH_STATE.unhealthy);
});

test('a topology that cannot be taken on changes nothing', async () => {
  load(shop(['a']));
  await time.pass(1000);
  expect(() => monitor.update(shop(['a', 'unplaced']), placement, { authorities: {}, clientPairs: {} })).toThrow(
    'has no row',
  );
  await time.pass(12_000);
  expect(atOf('a')).toHaveLength(2);
  expect(closed).toEqual([]);
});

test('each check is given what its service says', () => {
  load(topologyOf(serviceOf(hosts('a'), { host: 'shop.example.com', timeoutMs: 700 })), { shop: 'PEM' });
  expect(opened).toMatchObject([
    { host: 'shop.example.com', timeoutMs: 700, connectMs: 1000, path: '/healthz', ca: 'PEM' },
  ]);
});

test('after closing, connections are closed and nothing is checked or emitted', async () => {
  answers.set('b', 'hangs');
  load(shop(['a', 'b']));
  await time.pass(1000);
  const events = time.events.length;
  await monitor.close();
  expect(closed.toSorted()).toEqual(['a', 'b']);
  await time.pass(60_000);
  expect([checks.length, time.events.length]).toEqual([2, events]);
});

test('checks that pass bring an endpoint back whose breaker nobody probes, and soon', async () => {
  load(shop(['a']));
  await time.pass(1000);
  const row = rowOf('a');
  const policy = { failures: 1, successes: 2, openMs: 5000, probes: 1 };
  for (const cells of [endpointBreakers(table), cloudBreakers(table)]) {
    for (let i = 0; i < 5; i += 1) cells.report(row, cells.epoch(row), 'failure', { nowMs: time.nowMs, policy });
  }
  expect(endpointBreakers(table).read(row).state).toBe('open');
  await time.pass(15_000);
  expect(endpointBreakers(table).read(row).state).toBe('closed');
  expect(cloudBreakers(table).read(0).state).toBe('closed');
  expect(table.live.rampFromMs[row]).toBeGreaterThan(5000);
  expect(changes()).toContainEqual(expect.objectContaining({ type: 'breaker-moved', scope: 'endpoint', to: 'closed' }));
});

test('an endpoint that its checks had found down need not wait for its breaker once they pass', async () => {
  load(shop(['a']));
  await time.pass(1000);
  const row = rowOf('a');
  const policy = { failures: 1, successes: 2, openMs: 600_000, probes: 1 };
  const cells = endpointBreakers(table);
  answers.set('a', BAD);
  await time.pass(40_000);
  expect(table.live.state[row]).toBe(HEALTH_STATE.unhealthy);
  cells.report(row, cells.epoch(row), 'failure', { nowMs: time.nowMs, policy });
  answers.set('a', GOOD);
  await time.pass(30_000);
  expect(table.live.state[row]).toBe(HEALTH_STATE.healthy);
  expect(cells.wouldAdmit(row, time.nowMs, policy)).not.toBe('no');
});

test('while all endpoints of a service are down they are checked often: the first one back would get every request', async () => {
  load(shop(['a', 'b']));
  await time.pass(1000);
  answers.set('a', BAD);
  answers.set('b', BAD);
  await time.pass(60_000);
  const before = checks.length;
  await time.pass(10_000);
  // Two endpoints, each about once a second.
  expect(checks.length - before).toBeGreaterThan(15);
  answers.set('a', GOOD);
  answers.set('b', GOOD);
  await time.pass(3500);
  expect([table.live.state[rowOf('a')], table.live.state[rowOf('b')]]).toEqual([1, 1]);
});

test('a service starts until its endpoints have been checked', async () => {
  answers.set('b', 'hangs');
  load(shop(['a', 'b']));
  expect(table.live.starting[0]).toBe(1);
  await time.pass(750);
  expect([stateOf('a'), table.live.starting[0]]).toEqual([HEALTH_STATE.healthy, 1]);
  answers.delete('b');
  load(shop(['a', 'b'], { path: '/other' }));
  await time.pass(1500);
  expect(table.live.starting[0]).toBe(0);
});
