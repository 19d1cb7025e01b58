import { beforeEach, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/health/check.ts';
import { CAUSE_EVERY_MS, EndpointHealth } from '../../../src/health/endpoint-health.ts';
import { NOTHING } from '../../../src/health/traffic.ts';
import { EndpointTable, HEALTH_STATE, NOT_RAMPING } from '../../../src/table/endpoint-table.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';
import { HEALTH } from '../discovery/topology.ts';

const LIMITS = { rows: 2, services: 1, workers: 1 };
const ROW = 1;
const good = (latencyMs = 100): CheckResult => ({
  reachable: true,
  latencyMs,
  connectMs: 9,
  status: 200,
  error: undefined,
});
const bad = (error = 'connection refused'): CheckResult => ({
  reachable: false,
  latencyMs: undefined,
  connectMs: undefined,
  status: undefined,
  error,
});

let live: EndpointTable['live'];
let health: EndpointHealth;

beforeEach(() => {
  live = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS)).live;
  health = new EndpointHealth('a', ROW, HEALTH, NOTHING);
});

test('the first good check makes it healthy, without a ramp', () => {
  expect(health.checked(good(), live, 10)).toEqual({
    type: 'endpoint-state',
    endpoint: 'a',
    from: 'unknown',
    to: 'healthy',
    health: 2.9 / 3,
    reason: 'all checks are good',
  });
  expect(live.state[ROW]).toBe(HEALTH_STATE.healthy);
  expect(live.latencyMs[ROW]).toBe(100);
  expect(live.health[ROW]).toBeCloseTo(2.9 / 3);
  expect(live.rampFromMs[ROW]).toBe(NOT_RAMPING);
});

test('the first failed check takes it down at once; its return begins a ramp', () => {
  expect(health.checked(bad(), live, 10)).toMatchObject({
    to: 'unhealthy',
    health: 0,
    reason: 'reachability: connection refused',
  });
  expect(live.health[ROW]).toBe(0);
  expect(health.checked(good(), live, 20)).toBeUndefined();
  expect(health.contested).toBe(true);
  expect(live.rampFromMs[ROW]).toBe(NOT_RAMPING);
  expect(health.checked(good(), live, 30)).toMatchObject({ from: 'unhealthy', to: 'healthy' });
  expect(live.rampFromMs[ROW]).toBe(30);
});

test('one failed check of two shows in the health, not in the state', () => {
  health.checked(good(0), live, 0);
  expect(health.checked(bad(), live, 10)).toBeUndefined();
  expect(live.state[ROW]).toBe(HEALTH_STATE.healthy);
  expect(live.health[ROW]).toBeCloseTo(2.5 / 3);
  expect(health.checked(bad('status 503'), live, 11)).toMatchObject({
    to: 'unhealthy',
    reason: 'reachability: status 503',
  });
});

test('errors in the traffic decide between checks; the return from them ramps as well', () => {
  health.checked(good(), live, 0);
  const failing = { ...NOTHING, attempts: 100, failures: 50 };
  expect(health.counted(failing, live, 1000)).toMatchObject({
    to: 'unhealthy',
    reason: 'error rate 50 %, above 10 %',
  });
  expect(live.errorRate[ROW]).toBe(0.5);
  expect(live.health[ROW]).toBe(0.5);
  expect(live.checksGood[ROW]).toBe(1);
  expect(health.contested).toBe(true);
  // Good checks and ten seconds without a failure.
  health.checked(good(), live, 9000);
  health.checked(good(), live, 10_000);
  expect(live.state[ROW]).toBe(HEALTH_STATE.unhealthy);
  expect(health.counted(failing, live, 11_000)).toMatchObject({ from: 'unhealthy', to: 'healthy' });
  expect(live.rampFromMs[ROW]).toBe(11_000);
  expect(live.errorRate[ROW]).toBe(0);
});

test.each([
  ['a few errors, which left it most of its requests: no ramp', 2, NOT_RAMPING],
  ['so many that it got no requests: a ramp, as from unhealthy', 5, 100_000],
])('from degraded to healthy: %s', (_, failures, rampFromMs) => {
  health.checked(good(), live, 0);
  health.counted({ ...NOTHING, attempts: 100, failures }, live, 1000);
  expect(live.state[ROW]).toBe(HEALTH_STATE.degraded);
  health.counted({ ...NOTHING, attempts: 1000, failures }, live, 100_000);
  expect(live.state[ROW]).toBe(HEALTH_STATE.healthy);
  expect(live.rampFromMs[ROW]).toBe(rampFromMs);
});

test('traffic before the first check is counted, but decides nothing', () => {
  expect(health.counted({ ...NOTHING, attempts: 100, failures: 100 }, live, 1000)).toBeUndefined();
  expect(live.state[ROW]).toBe(HEALTH_STATE.unknown);
  expect(live.health[ROW]).toBe(0.5);
  expect(live.errorRate[ROW]).toBe(1);
  expect(health.checked(good(), live, 1100)).toMatchObject({ from: 'unknown', to: 'unhealthy' });
});

test('the latency follows the traffic, and the checks when there is none', () => {
  health.checked(good(100), live, 0);
  health.counted({ attempts: 99, failures: 0, firstByteSumMs: 99 * 20, firstByteCount: 99 }, live, 0);
  expect(live.latencyMs[ROW]).toBeCloseTo(20.8, 1);
  for (let nowMs = 10_000; nowMs <= 80_000; nowMs += 10_000) {
    health.counted({ attempts: 99, failures: 0, firstByteSumMs: 99 * 20, firstByteCount: 99 }, live, nowMs);
    health.checked(good(500), live, nowMs);
  }
  expect(live.latencyMs[ROW]).toBeGreaterThan(450);
});

test('a quick answer with the wrong status says nothing about the latency', () => {
  health.checked(good(400), live, 0);
  health.checked({ reachable: false, latencyMs: 1, connectMs: undefined, status: 503, error: 'status 503' }, live, 0);
  expect(live.latencyMs[ROW]).toBe(400);
});

test('counters of whoever had the row before are not its own', () => {
  const before = { ...NOTHING, attempts: 1000, failures: 1000 };
  const heir = new EndpointHealth('b', ROW, HEALTH, before);
  heir.checked(good(), live, 0);
  expect(heir.counted(before, live, 1000)).toBeUndefined();
  expect(live.errorRate[ROW]).toBe(0);
});

test('when checks pass again that had failed, the requests that failed meanwhile are forgiven', () => {
  health.checked(good(), live, 0);
  health.counted({ ...NOTHING, attempts: 50, failures: 50 }, live, 1000);
  for (let i = 0; i < 2; i += 1) health.checked(bad(), live, 1500);
  expect(live.checksGood[ROW]).toBe(0);
  health.checked(good(), live, 2000);
  expect(health.checked(good(), live, 2100)).toMatchObject({ from: 'unhealthy', to: 'healthy' });
  expect(live.errorRate[ROW]).toBe(0);
});

test('nothing but errors is critical; ten good answers are enough to have it back', () => {
  health.checked(good(), live, 0);
  health.counted({ ...NOTHING, attempts: 50, failures: 50 }, live, 1000);
  expect(live.health[ROW]).toBe(0);
  expect(health.counted({ ...NOTHING, attempts: 60, failures: 50 }, live, 2000)).toMatchObject({ to: 'healthy' });
  expect(live.health[ROW]).toBeGreaterThan(0.8);
});

test('a cause that changes while it is down is told, at once the first time and then once a minute', () => {
  health.checked(bad('connection refused'), live, 0);
  expect(health.checked(bad('connection refused'), live, 1000)).toBeUndefined();
  expect(health.checked(bad('status 503'), live, 2000)).toEqual({
    type: 'endpoint-cause',
    endpoint: 'a',
    state: 'unhealthy',
    reason: 'reachability: status 503',
  });
  expect(health.checked(bad('connection refused'), live, 3000)).toBeUndefined();
  expect(health.reason).toBe('reachability: connection refused');
  expect(health.checked(bad('status 503'), live, 2000 + CAUSE_EVERY_MS)).toBeUndefined();
  expect(health.checked(bad('connection refused'), live, 2001 + CAUSE_EVERY_MS)).toMatchObject({
    reason: 'reachability: connection refused',
  });
});

test('figures that change are no other cause; slow instead of failing is', () => {
  health.checked(good(), live, 0);
  expect(health.counted({ ...NOTHING, attempts: 100, failures: 5 }, live, 1000)).toMatchObject({ to: 'degraded' });
  expect(health.counted({ ...NOTHING, attempts: 200, failures: 11 }, live, 2000)).toBeUndefined();
  const slow = { attempts: 1200, failures: 11, firstByteSumMs: 1000 * 5000, firstByteCount: 1000 };
  expect(health.counted(slow, live, 60_000)).toMatchObject({ type: 'endpoint-cause', state: 'degraded' });
});

test('one that went down after it had been up is freshly down for a while; one that goes up and down, or never was there, is not', () => {
  health.checked(good(), live, 10);
  expect(health.isFreshlyDown(60_000, 20)).toBe(false);
  for (const ms of [100, 101]) health.checked(bad(), live, ms);
  expect(health.isFreshlyDown(60_000, 50_000)).toBe(true);
  expect(health.isFreshlyDown(60_000, 60_101)).toBe(false);
  for (const ms of [200, 201]) health.checked(good(), live, ms);
  for (const ms of [300, 301]) health.checked(bad(), live, ms);
  expect(health.isFreshlyDown(60_000, 400)).toBe(false);
  const never = new EndpointHealth('b', ROW, HEALTH, NOTHING);
  never.checked(bad(), live, 10);
  expect(never.isFreshlyDown(60_000, 20)).toBe(false);
});
