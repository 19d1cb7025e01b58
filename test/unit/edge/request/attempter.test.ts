import { expect, test } from 'vitest';
import { DECISIONS_PER_SAMPLE } from '../../../../src/edge/request/attempter.ts';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import { isFault } from '../../../../src/resilience/fault.ts';
import { HEALTH_STATE } from '../../../../src/table/endpoint-table.ts';
import { type Path, pathOf } from '../../../support/path.ts';
import { headOf } from '../../../support/request.ts';
import { threeClouds, topologyOf } from '../../../support/topology.ts';

function exchangeOf(path: Path): Exchange {
  const exchange = path.pipeline.identify(headOf());
  if ('answer' in exchange) throw new Error('redirected');
  if (isFault(exchange)) throw new Error(exchange.cause);
  return exchange;
}

test('an attempt remembers what it was decided by, and is added to the exchange', () => {
  const path = pathOf();
  const exchange = exchangeOf(path);
  const attempt = path.attempter.take(exchange, 'panic-allowed');
  expect(attempt).toMatchObject({ index: 0, startMs: 1000, panic: false, outcome: undefined, status: 0 });
  expect(attempt?.score).toBe(exchange.view.scores[0]);
  expect(attempt?.score).toBeGreaterThan(0.5);
  expect(exchange.attempts).toEqual([attempt]);
  expect(path.deps.block.recent[0]).toBe(1);
});

test('an endpoint that is only named is decided on alike and counted in the shares, and nothing is in flight there', () => {
  const path = pathOf();
  const exchange = exchangeOf(path);
  expect(path.attempter.choose(exchange)?.cloud).toBe('aws');
  expect([exchange.attempts, path.inFlight(), path.deps.block.recent[0]]).toEqual([[], [0, 0, 0], 1]);
  path.stage.table.live.drained.fill(1, 0, 3);
  expect(path.attempter.choose(exchange)).toBeUndefined();
});

test('requests are counted by region of client where they are to be assigned, each once', () => {
  const path = pathOf(threeClouds({ service: 'routing: { select: optimal }' }));
  const exchange = exchangeOf(path);
  path.attempter.take(exchange, 'panic-allowed');
  path.attempter.take(exchange, 'panic-allowed');
  const { demand } = path.deps.block;
  expect(demand[exchange.latency.region]).toBe(1);
  expect(demand.reduce((sum, count) => sum + count, 0)).toBe(1);
  const plain = pathOf();
  plain.attempter.take(exchangeOf(plain), 'panic-allowed');
  expect(plain.deps.block.demand.every((count) => count === 0)).toBe(true);
});

test('the shares of recent requests reach the decision', () => {
  const path = pathOf(threeClouds({ service: 'routing: { default_priority: reliability }' }));
  const chosen = () => path.attempter.take(exchangeOf(path), 'panic-allowed')?.endpoint.cloud;
  expect(chosen()).toBe('aws');
  // As good as the nearest but for what it has in flight, which diversity makes up for.
  const { live } = path.deps;
  live.columns.inFlight.set([90, 40, 300]);
  live.columns.cloudShare.set([0, 1, 0]);
  expect(chosen()).toBe('aws');
  live.columns.cloudShare.set([1, 0, 0]);
  expect(chosen()).toBe('gcp');
});

test('a place that another thread takes in between goes to the next best', () => {
  const path = pathOf();
  const { deps } = path;
  const admit = deps.admission.admit.bind(deps.admission);
  let races = 0;
  deps.admission.admit = (target) => {
    if (target.row !== 0) return admit(target);
    races += 1;
    return undefined;
  };
  const attempt = path.attempter.take(exchangeOf(path), 'panic-allowed');
  expect([races, attempt?.endpoint.cloud]).toEqual([1, 'gcp']);
  expect(path.inFlight()).toEqual([0, 1, 0]);
});

test('a split draws the set of each request, and tiers, brakes and clients that stay are counted', () => {
  const yaml = `version: 1
services:
  shop:
    routing: { panic_below: 90% }
    sticky: { by: client }
    split: { stable: 95, canary: 5 }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1", set: stable }
      - { cloud: gcp, region: us-east4, url: "http://10.0.0.2", set: canary }
      - { cloud: gcp, region: us-east4, url: "http://10.0.0.3", set: stable, tier: 2 }
`;
  const path = pathOf(topologyOf(yaml));
  const counts = [0, 0, 0];
  for (let n = 0; n < 4000; n += 1) {
    const exchange = path.pipeline.identify(headOf({ peerAddress: `198.51.${n >> 8}.${n & 255}` }));
    if ('answer' in exchange || isFault(exchange)) throw new Error('refused');
    const attempt = path.attempter.take(exchange, 'panic-allowed');
    attempt?.permit.settle('success');
    counts[attempt?.index ?? 0] = (counts[attempt?.index ?? 0] as number) + 1;
  }
  expect(counts[2]).toBe(0);
  expect(Math.abs((counts[1] as number) / 4000 - 0.05)).toBeLessThan(0.015);
  expect([path.service('sticky-hashed'), path.service('lower-tier'), path.service('health-disregarded')]).toEqual([
    4000, 0, 0,
  ]);
  path.deps.live.columns.drained[0] = 1;
  path.deps.live.columns.drained[1] = 1;
  path.deps.live.columns.health[2] = 0.1;
  expect(path.attempter.take(exchangeOf(path), 'panic-allowed')).toMatchObject({ index: 2, panic: true });
  expect([path.service('lower-tier'), path.service('health-disregarded')]).toEqual([1, 1]);
});

test('what finds nobody because all have as much as they may have is counted', () => {
  const path = pathOf(threeClouds({ service: 'routing: { shed_at: 50% }' }));
  path.deps.live.columns.inFlight.set([50, 50, 50]);
  expect(path.attempter.take(exchangeOf(path), 'panic-allowed')).toBeUndefined();
  expect(path.service('braked')).toBe(1);
  path.deps.live.columns.inFlight.set([49, 50, 50]);
  expect(path.attempter.take(exchangeOf(path), 'panic-allowed')?.index).toBe(0);
  expect(path.service('braked')).toBe(1);
});

test('with every place taken in between there is nobody', () => {
  const path = pathOf(threeClouds({ each: 4 }));
  let asked = 0;
  path.deps.admission.admit = () => {
    asked += 1;
    return undefined;
  };
  expect(path.attempter.take(exchangeOf(path), 'panic-allowed')).toBeUndefined();
  expect(asked).toBe(8);
});

test('panic is refused where it may be', () => {
  const path = pathOf();
  path.stage.table.live.state.fill(HEALTH_STATE.unhealthy, 0, 3);
  expect(path.attempter.take(exchangeOf(path), 'panic-refused')).toBeUndefined();
  expect(path.panics).toEqual([]);
  expect(path.attempter.take(exchangeOf(path), 'panic-allowed')?.panic).toBe(true);
  expect(path.panics).toEqual(['shop']);
});

test('patience follows what is usual for the endpoint', () => {
  const path = pathOf();
  path.stage.table.live.latencyMs[0] = 300;
  expect(path.attempter.take(exchangeOf(path), 'panic-allowed')?.patienceMs).toBe(2400);
});

test('one decision in so many is timed', () => {
  const path = pathOf();
  const readings = path.deps.clock.nowMs;
  let ms = 0;
  Object.assign(path.deps.clock, { nowMs: () => (ms += 0.003) });
  for (let i = 0; i < DECISIONS_PER_SAMPLE; i += 1) path.attempter.take(exchangeOf(path), 'panic-allowed');
  const { decisions, decisionSumUs } = path.deps.block;
  expect(decisions.reduce((sum, n) => sum + n, 0)).toBe(1);
  expect(decisionSumUs[0]).toBeCloseTo(3);
  // 3 µs are in the bucket up to 5.
  expect(decisions[3]).toBe(1);
  path.attempter.take(exchangeOf(path), 'panic-allowed');
  expect(decisions[3]).toBe(2);
  expect(readings()).toBe(1000);
});
