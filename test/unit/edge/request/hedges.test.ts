import { describe, expect, test } from 'vitest';
import { Hedges } from '../../../../src/edge/request/hedges.ts';
import { HEALTH_STATE } from '../../../../src/table/endpoint-table.ts';
import { attemptOf, begun, outcomes, pathOf } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

const [AWS, GCP] = [0, 1];

test('after a fixed time, for the methods that are named', () => {
  const hedges = new Hedges({ after: 50, methods: ['GET'] }, 2);
  hedges.saw(1, 5);
  expect([hedges.afterMs('GET', 0), hedges.afterMs('POST', 0)]).toEqual([50, Number.POSITIVE_INFINITY]);
});

const P95 = { after: { quantile: 0.95 }, methods: ['GET'] };

test('after what is usual for each endpoint by itself', () => {
  const hedges = new Hedges(P95, 3);
  for (let i = 0; i < 200; i += 1) {
    hedges.saw(0, 5);
    hedges.saw(1, 200);
  }
  expect(hedges.afterMs('GET', 0)).toBeLessThan(7);
  expect(hedges.afterMs('GET', 1)).toBeGreaterThan(200);
  expect(hedges.afterMs('GET', 1)).toBeLessThan(245);
  expect(hedges.afterMs('GET', 2)).toBe(Number.POSITIVE_INFINITY);
});

test.each([0.01, 0.05, 0.08])('slow ones are told from the others though their share is %f', (share) => {
  const hedges = new Hedges(P95, 3);
  for (let i = 0; i < 6000; i += 1) {
    const slow = (i / 3) % (1 / (3 * share)) < 1 && i % 3 === 0;
    hedges.saw(i % 3, slow ? 520 : 20);
  }
  // An endpoint that is slow for a seventh of its requests has a 95th percentile of 520 ms, which would be too late.
  expect(hedges.afterMs('GET', 0)).toBeLessThan(50);
});

test('a tail that is long and smooth begins where its percentile is', () => {
  const hedges = new Hedges(P95, 1);
  // Of 20 ms, times a lognormal factor: 95 % are below 20 * e^1.645 = 104 ms.
  for (let i = 0; i < 20_000; i += 1) hedges.saw(0, 20 * Math.exp(normalAt(((i * 7919) % 20_000) / 20_000)));
  expect(hedges.afterMs('GET', 0)).toBeGreaterThan(100);
  expect(hedges.afterMs('GET', 0)).toBeLessThan(135);
});

test('no more are affordable than the rest of the requests, and a few at a time', () => {
  const hedges = new Hedges(P95, 1);
  let sent = 0;
  for (let i = 0; i < 10_000; i += 1) {
    hedges.afterMs('GET', 0);
    if (!hedges.affordable) continue;
    hedges.spend();
    sent += 1;
  }
  expect(sent).toBeGreaterThanOrEqual(500);
  expect(sent).toBeLessThanOrEqual(502);
  for (let i = 0; i < 1000; i += 1) hedges.afterMs('GET', 0);
  let atOnce = 0;
  for (; hedges.affordable; atOnce += 1) hedges.spend();
  expect(atOnce).toBe(10);
  // What has a fixed time is bounded by the retry budget alone.
  expect(new Hedges({ after: 50, methods: ['GET'] }, 1).affordable).toBe(true);
});

/** The quantile of the normal distribution, by bisection over Zelen and Severo's 26.2.17 (Abramowitz and Stegun, 1964); to a thousandth. */
function normalAt(share: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 40; i += 1) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) *
    t *
    Math.exp((-x * x) / 2) *
    0.39894228;
  return x < 0 ? tail : 1 - tail;
}

describe('a hedge', () => {
  const hedged = () => pathOf(threeClouds({ service: 'hedge: { after: 50ms }\ntimeouts: { patience: 1s }' }));

  test('is a second attempt that blames nobody, whoever wins', () => {
    for (const winner of ['first', 'second']) {
      const path = hedged();
      const { exchange, attempt } = begun(path);
      expect(attempt.hedgeMs).toBe(50);
      path.now.ms += 50;
      const beside = attemptOf(path.pipeline.patienceExpired(exchange, attempt, true));
      expect([beside.endpoint.cloud, beside.hedgeMs]).toEqual(['gcp', Number.POSITIVE_INFINITY]);
      expect(path.failovers).toEqual([]);
      expect([path.service('hedge'), path.service('retry')]).toEqual([1, 1]);
      path.now.ms += 20;
      const won = winner === 'first' ? attempt : beside;
      expect(path.pipeline.answered(exchange, won, 200, true)).toBeUndefined();
      path.pipeline.ended(exchange, won, 'complete');
      expect(outcomes(path, won === attempt ? AWS : GCP)).toEqual({ success: 1 });
      expect(outcomes(path, won === attempt ? GCP : AWS)).toEqual({ abandoned: 1 });
      expect(path.inFlight()).toEqual([0, 0, 0]);
    }
  });

  test('takes nothing of the blame for one that is silent for longer than its patience', () => {
    const path = hedged();
    const { exchange, attempt } = begun(path);
    path.now.ms += 50;
    const beside = attemptOf(path.pipeline.patienceExpired(exchange, attempt, true));
    path.now.ms += 960;
    path.pipeline.answered(exchange, beside, 200, true);
    expect(outcomes(path, AWS)).toEqual({ outpaced: 1 });
  });

  test('comes once: what is still silent then is waited for as ever', () => {
    const path = hedged();
    const { exchange, attempt } = begun(path);
    path.pipeline.patienceExpired(exchange, attempt, true);
    path.now.ms += 1000;
    expect(attemptOf(path.pipeline.patienceExpired(exchange, attempt, true)).endpoint.cloud).toBe('azure');
    expect(exchange.suspects).toEqual([attempt]);
    expect(path.service('hedge')).toBe(1);
  });

  test('is not for other methods, nor where nobody else is well', () => {
    const path = hedged();
    expect(begun(path, { method: 'POST' }).attempt.hedgeMs).toBe(Number.POSITIVE_INFINITY);
    path.stage.table.live.state.fill(HEALTH_STATE.unhealthy, GCP, 3);
    const { exchange, attempt } = begun(path);
    expect(path.pipeline.patienceExpired(exchange, attempt, true)).toBeUndefined();
  });

  test('with a percentile there is none beyond its part of the requests', () => {
    const path = pathOf(threeClouds({ service: 'hedge: { after: p95 }\ntimeouts: { patience: 1s }' }));
    const { hedges } = begun(path).exchange.state;
    for (let i = 0; i < 200; i += 1) for (const endpoint of [0, 1, 2]) hedges?.saw(endpoint, 5);
    const more = () => {
      const { exchange, attempt } = begun(path);
      path.now.ms += 10;
      return path.pipeline.patienceExpired(exchange, attempt, true) !== undefined;
    };
    const sent = Array.from({ length: 40 }, more).filter(Boolean).length;
    expect(sent).toBeGreaterThanOrEqual(2);
    expect(sent).toBeLessThanOrEqual(4);
  });
});
