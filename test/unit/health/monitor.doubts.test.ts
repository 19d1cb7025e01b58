import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HealthPolicy } from '../../../src/config/topology-policy.ts';
import { endpointBreakers } from '../../../src/resilience/admission.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { OUTCOMES, workerBlock } from '../../../src/table/worker-block.ts';
import { endpointOf, serviceOf, topologyOf } from '../discovery/topology.ts';
import { MonitorStage } from './monitor-stage.ts';

let stage: MonitorStage;

beforeEach(() => {
  stage = new MonitorStage();
});

afterEach(() => stage.monitor.close());

function load(hosts: readonly string[], health: Partial<HealthPolicy> = {}): void {
  const endpoints = hosts.map((host) => endpointOf(host));
  stage.load(topologyOf(serviceOf(endpoints, health)));
}

const rowOf = (host: string): number => stage.placement.rows[`shop/aws/us-east-1/${host}:80`] as number;
const stateOf = (host: string): number => stage.table.live.state[rowOf(host)] as number;

/** Requests at a host have been answered, as many of them badly. */
function answer(host: string, count: number, bad: number): void {
  const row = rowOf(host);
  const block = workerBlock(stage.table.shared, 0);
  const cell = (outcome: 'success' | 'error-status') => row * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  block.outcomes[cell('success')] = (block.outcomes[cell('success')] as number) + count - bad;
  block.outcomes[cell('error-status')] = (block.outcomes[cell('error-status')] as number) + bad;
  block.firstByteCount[row] = (block.firstByteCount[row] as number) + count;
}

test('an endpoint of whose requests nothing is heard is checked at once, and again until it answers', async () => {
  load(['a', 'b']);
  await stage.time.pass(5000);
  const before = stage.atOf('a').length;
  const row = rowOf('a');
  answer('a', 1, 0);
  stage.table.live.inFlight[row] = 1;
  await stage.time.pass(1100);
  stage.table.live.inFlight[row] = 8;
  stage.down.add('a');
  await stage.time.pass(400);
  expect(stage.table.live.silent[row]).toBe(1);
  expect(stage.atOf('a').length).toBe(before + 1);
  stage.down.delete('a');
  await stage.time.pass(1500);
  expect([stage.table.live.silent[row], stage.atOf('a').length]).toEqual([0, before + 2]);
  expect(stage.atOf('b').length).toBe(1);
});

test('a breaker that opens has its endpoint checked, and an outage that both have seen is over for both', async () => {
  load(['a', 'b'], { fall: 1 });
  await stage.time.pass(3000);
  const before = stage.atOf('a').length;
  stage.down.add('a');
  const cells = endpointBreakers(stage.table);
  const policy = { failures: 1, successes: 2, openMs: 60_000, probes: 1 };
  cells.report(rowOf('a'), cells.epoch(rowOf('a')), 'failure', { nowMs: stage.time.nowMs, policy });
  await stage.time.pass(600);
  expect([stage.atOf('a').length, stateOf('a')]).toEqual([before + 1, HEALTH_STATE.unhealthy]);
  stage.down.delete('a');
  await stage.time.pass(5000);
  expect([stateOf('a'), cells.wouldAdmit(rowOf('a'), stage.time.nowMs, policy)]).toEqual([HEALTH_STATE.healthy, 'yes']);
});

test('the first endpoint that is back after a total outage has all others checked at once', async () => {
  for (const host of ['a', 'b', 'c']) stage.down.add(host);
  load(['a', 'b', 'c'], { fall: 1, rise: 1 });
  await stage.time.pass(15_000);
  stage.down.clear();
  const sinceMs = stage.time.nowMs;
  await stage.time.pass(2000);
  const found = ['a', 'b', 'c'].map((host) => stage.atOf(host).find((atMs) => atMs > sinceMs) as number);
  expect(Math.max(...found)).toBe(Math.min(...found));
});

test('one that failed a short while ago is looked at ten times a second, and little is held against it', async () => {
  load(['a', 'b']);
  await stage.time.pass(3000);
  for (let second = 0; second < 5; second += 1) {
    answer('a', 100, 20);
    await stage.time.pass(1000);
  }
  expect(stateOf('a')).toBe(HEALTH_STATE.unhealthy);
  // A second look at an idle edge is a second away.
  stage.table.live.inFlight[rowOf('b')] = 1;
  await stage.time.pass(20_000);
  expect(stateOf('a')).toBe(HEALTH_STATE.healthy);
  answer('a', 6, 1);
  await stage.time.pass(150);
  expect(stateOf('a')).toBe(HEALTH_STATE.unhealthy);
});
