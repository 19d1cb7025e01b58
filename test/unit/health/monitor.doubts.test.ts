import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HealthPolicy } from '../../../src/config/topology-policy.ts';
import { HealthMonitor } from '../../../src/health/monitor.ts';
import { endpointBreakers } from '../../../src/resilience/admission.ts';
import { EndpointTable, HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../../src/table/placement.ts';
import { OUTCOMES, type WorkerBlock, workerBlock, workerBlockBytes } from '../../../src/table/worker-block.ts';
import { endpointOf, serviceOf, topologyOf } from '../discovery/topology.ts';
import { VirtualTime } from '../discovery/virtual-time.ts';

const LIMITS = { rows: 100, services: 1, workers: 1 };

let time: VirtualTime;
let table: EndpointTable;
let block: WorkerBlock;
let monitor: HealthMonitor;
let placement: Placement;
/** When each host was checked. */
let checks: { host: string; atMs: number }[];
let down: Set<string>;

beforeEach(() => {
  time = new VirtualTime([0.5]);
  table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  block = workerBlock(table.shared, 0);
  [checks, down] = [[], new Set()];
  monitor = new HealthMonitor({
    ...time.deps,
    table,
    openProber: ({ url: { host } }) => ({
      check: async () => {
        checks.push({ host, atMs: time.nowMs });
        const reachable = !down.has(host);
        const latencyMs = reachable ? 20 : undefined;
        return { reachable, latencyMs, connectMs: undefined, status: 200, error: reachable ? undefined : 'refused' };
      },
      close: () => {},
    }),
  });
  monitor.start();
});

afterEach(() => monitor.close());

function load(hosts: readonly string[], health: Partial<HealthPolicy> = {}): void {
  const topology = topologyOf(
    serviceOf(
      hosts.map((host) => endpointOf(host)),
      health,
    ),
  );
  const next = place(topology, NO_PLACEMENT, NOT_BUSY, LIMITS);
  for (const row of next.freshRows) table.resetRow(row);
  placement = next.placement;
  monitor.update(topology, placement, { authorities: {}, clientPairs: {} });
}

const rowOf = (host: string): number => placement.rows[`shop/aws/us-east-1/${host}:80`] as number;
const stateOf = (host: string): number => table.live.state[rowOf(host)] as number;
const atOf = (host: string): number[] => checks.filter((check) => check.host === host).map(({ atMs }) => atMs);

/** Requests at a host have been answered, as many of them badly. */
function answer(host: string, count: number, bad: number): void {
  const row = rowOf(host);
  const cell = (outcome: 'success' | 'error-status') => row * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  block.outcomes[cell('success')] = (block.outcomes[cell('success')] as number) + count - bad;
  block.outcomes[cell('error-status')] = (block.outcomes[cell('error-status')] as number) + bad;
  block.firstByteCount[row] = (block.firstByteCount[row] as number) + count;
}

test('an endpoint of whose requests nothing is heard is checked at once, and again until it answers', async () => {
  load(['a', 'b']);
  await time.pass(5000);
  const before = atOf('a').length;
  const row = rowOf('a');
  answer('a', 1, 0);
  table.live.inFlight[row] = 1;
  await time.pass(1100);
  table.live.inFlight[row] = 8;
  down.add('a');
  await time.pass(400);
  expect(table.live.silent[row]).toBe(1);
  expect(atOf('a').length).toBe(before + 1);
  down.delete('a');
  await time.pass(1500);
  expect([table.live.silent[row], atOf('a').length]).toEqual([0, before + 2]);
  expect(atOf('b').length).toBe(1);
});

test('a breaker that opens has its endpoint checked, and an outage that both have seen is over for both', async () => {
  load(['a', 'b'], { fall: 1 });
  await time.pass(3000);
  const before = atOf('a').length;
  down.add('a');
  const cells = endpointBreakers(table);
  const policy = { failures: 1, successes: 2, openMs: 60_000, probes: 1 };
  cells.report(rowOf('a'), cells.epoch(rowOf('a')), 'failure', { nowMs: time.nowMs, policy });
  await time.pass(600);
  expect([atOf('a').length, stateOf('a')]).toEqual([before + 1, HEALTH_STATE.unhealthy]);
  down.delete('a');
  await time.pass(5000);
  expect([stateOf('a'), cells.wouldAdmit(rowOf('a'), time.nowMs, policy)]).toEqual([HEALTH_STATE.healthy, 'yes']);
});

test('the first endpoint that is back after a total outage has all others checked at once', async () => {
  for (const host of ['a', 'b', 'c']) down.add(host);
  load(['a', 'b', 'c'], { fall: 1, rise: 1 });
  await time.pass(15_000);
  down.clear();
  const sinceMs = time.nowMs;
  await time.pass(2000);
  const found = ['a', 'b', 'c'].map((host) => atOf(host).find((atMs) => atMs > sinceMs) as number);
  expect(Math.max(...found)).toBe(Math.min(...found));
});

test('one that failed a short while ago is looked at ten times a second, and little is held against it', async () => {
  load(['a', 'b']);
  await time.pass(3000);
  for (let second = 0; second < 5; second += 1) {
    answer('a', 100, 20);
    await time.pass(1000);
  }
  expect(stateOf('a')).toBe(HEALTH_STATE.unhealthy);
  // A second look at an idle edge is a second away.
  table.live.inFlight[rowOf('b')] = 1;
  await time.pass(20_000);
  expect(stateOf('a')).toBe(HEALTH_STATE.healthy);
  answer('a', 6, 1);
  await time.pass(150);
  expect(stateOf('a')).toBe(HEALTH_STATE.unhealthy);
});
