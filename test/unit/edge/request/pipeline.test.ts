import { describe, expect, test } from 'vitest';
import type { Attempt, Exchange } from '../../../../src/edge/request/exchange.ts';
import { type Fault, isFault } from '../../../../src/resilience/fault.ts';
import { UNANSWERED_PATIENCES } from '../../../../src/resilience/patience.ts';
import { HEALTH_STATE } from '../../../../src/table/endpoint-table.ts';
import { SLI } from '../../../../src/table/worker-block.ts';
import { attemptOf, begun, outcomes, type Path, pathOf, refused, requests, reset } from '../../../support/path.ts';
import { headOf } from '../../../support/request.ts';
import { threeClouds } from '../../../support/topology.ts';

function identified(path: Path, head = headOf()): Exchange {
  const exchange = path.pipeline.identify(head);
  if ('answer' in exchange) throw new Error('redirected');
  if (isFault(exchange)) throw new Error(exchange.cause);
  return exchange;
}

const [AWS, GCP, AZURE] = [0, 1, 2];

describe('identify', () => {
  test('who asks, for what, with which priority', () => {
    const path = pathOf(threeClouds({ top: 'edge: { id: e, region: aws/us-east-1, trust_proxies: [10.0.0.0/8] }' }));
    const headers = ['Routing-Priority', 'latency', 'X-Forwarded-For', '198.51.100.7', 'X-Request-Id', 'abc'];
    const exchange = identified(path, headOf({ headers, peerAddress: '10.0.0.1', method: 'POST' }));
    expect(exchange).toMatchObject({
      requestId: 'abc',
      clientAddress: '198.51.100.7',
      trustedPeer: true,
      pseudonym: 'meridian-e',
      startMs: 1000,
      priority: { name: 'latency', known: true },
      idempotent: false,
      explained: false,
      attempts: [],
      recorded: false,
    });
    expect(exchange.latency.ms[AWS]).toBeLessThan(exchange.latency.ms[GCP] as number);
  });

  test('an unknown priority is counted and becomes the default', () => {
    const path = pathOf();
    const exchange = identified(path, headOf({ headers: ['routing-priority', 'cheapest'] }));
    expect(exchange.priority.name).toBe('balanced');
    expect(path.total('unknown-priority')).toBe(1);
  });

  test('a request that has been here is refused', () => {
    const path = pathOf();
    expect(path.pipeline.identify(headOf({ headers: ['Via', '1.1 meridian-test'] }))).toMatchObject({ kind: 'loop' });
    expect(path.total('loop')).toBe(1);
  });

  test('a request for no service is refused', () => {
    const path = pathOf(threeClouds({ service: 'match: { hosts: [a.example.com] }' }));
    expect(path.pipeline.identify(headOf({ host: 'b.example.com' }))).toMatchObject({ kind: 'no-service' });
    expect(path.total('bad-request')).toBe(1);
  });

  test.each([
    ['never', '10.0.0.1', false],
    ['trusted', '10.0.0.1', true],
    ['trusted', '203.0.113.9', false],
    ['always', '203.0.113.9', true],
  ])('decision_headers: %s, asked from %s: explained %s', (setting, peerAddress, explained) => {
    const edge = `{ id: e, region: aws/us-east-1, trust_proxies: [10.0.0.0/8], decision_headers: ${setting} }`;
    const path = pathOf(threeClouds({ top: `edge: ${edge}` }));
    const { exchange, attempt } = begun(path, { peerAddress });
    expect(exchange.explained).toBe(explained);
    expect(attempt.explanation?.chosen).toBe(explained ? attempt.endpoint.id : undefined);
  });
});

describe('a request that goes well', () => {
  test('is in flight until it has ended, and is recorded once', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    expect(attempt).toMatchObject({ endpoint: { cloud: 'aws' }, panic: false, startMs: 1000, status: 0 });
    expect(path.inFlight()).toEqual([1, 0, 0]);
    path.now.ms += 20;
    expect(path.pipeline.answered(exchange, attempt, 200, true)).toBeUndefined();
    expect(path.inFlight()).toEqual([1, 0, 0]);
    path.now.ms += 5;
    path.pipeline.ended(exchange, attempt, 'complete');
    expect(path.inFlight()).toEqual([0, 0, 0]);
    expect(outcomes(path, AWS)).toEqual({ success: 1 });
    expect(requests(path)).toEqual({ success: 1, error: 0 });
    expect(path.log).toMatchObject([{ status: 200, how: 'complete', tookMs: 25 }]);
    expect(attempt.firstByteMs).toBe(20);
    expect(path.deps.block.firstByteSumMs[AWS]).toBe(20);
    expect([path.failovers, path.panics]).toEqual([[], []]);
  });

  test.each([
    [200, 'success', 'success'],
    [404, 'success', 'success'],
    [429, 'success', 'success'],
    [500, 'error-status', 'error'],
    // The request was strange, which is no fault of the endpoint's; for the client it is an error all the same.
    [501, 'success', 'error'],
    [505, 'success', 'error'],
  ] as const)('%d ends the attempt as %s and the request as %s', (status, outcome, counted) => {
    const path = pathOf();
    const { exchange, attempt } = begun(path, { method: 'POST' });
    path.pipeline.answered(exchange, attempt, status, true);
    path.pipeline.ended(exchange, attempt, 'complete');
    expect(outcomes(path, AWS)).toEqual({ [outcome]: 1 });
    expect(requests(path)[counted]).toBe(1);
  });
});

describe('an attempt that fails', () => {
  test('is followed by one in another cloud', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    const second = attemptOf(path.pipeline.failed(exchange, attempt, refused, true));
    expect(second.endpoint.cloud).toBe('gcp');
    expect(path.inFlight()).toEqual([0, 1, 0]);
    path.pipeline.answered(exchange, second, 200, true);
    path.pipeline.ended(exchange, second, 'complete');
    expect(path.failovers).toEqual(['aws > gcp: connect-refused']);
    expect(path.service('retry')).toBe(1);
    expect([outcomes(path, AWS), outcomes(path, GCP)]).toEqual([{ 'connect-refused': 1 }, { success: 1 }]);
    expect(requests(path)).toEqual({ success: 1, error: 0 });
    expect(path.deps.block.requestsSuccess[GCP]).toBe(1);
  });

  test.each([
    ['GET', reset, true, true],
    ['PUT', reset, true, true],
    ['POST', reset, true, false],
    ['PATCH', reset, true, false],
    ['POST', refused, true, true],
    ['POST', refused, false, false],
    ['GET', reset, false, false],
  ] as const)('%s after %j, body still there %s: tried again %s', (method, fault, bodyReplayable, again) => {
    const path = pathOf();
    const { exchange, attempt } = begun(path, { method });
    const next = path.pipeline.failed(exchange, attempt, fault, bodyReplayable);
    expect(isFault(next)).toBe(!again);
    if (isFault(next)) expect(next).toBe(fault);
    expect(path.inFlight()).toEqual(again ? [0, 1, 0] : [0, 0, 0]);
  });

  test('ends after as many attempts as the file allows, each in another place', () => {
    const path = pathOf(threeClouds({ each: 2, service: 'retries: { attempts: 4 }' }));
    const { exchange, attempt } = begun(path);
    let next: Attempt | Fault = attempt;
    while (!isFault(next)) next = path.pipeline.failed(exchange, next, refused, true);
    expect(exchange.attempts.map(({ endpoint }) => endpoint.cloud).slice(0, 3)).toEqual(['aws', 'gcp', 'azure']);
    expect(new Set(exchange.attempts.map(({ index }) => index)).size).toBe(4);
    path.pipeline.gaveUp(exchange, next);
    expect(requests(path)).toEqual({ success: 0, error: 1 });
    expect(path.log).toMatchObject([{ status: 502, how: 'complete' }]);
    expect(path.inFlight()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('is not followed by another when retries cost more than there is', () => {
    const path = pathOf(threeClouds({ service: 'retries: { budget: 0.5, budget_floor: 0 }' }));
    const first = begun(path);
    expect(isFault(path.pipeline.failed(first.exchange, first.attempt, refused, true))).toBe(true);
    expect(path.total('retry-budget-exhausted')).toBe(1);
    // Two requests have paid half a retry each.
    const second = begun(path);
    expect(isFault(path.pipeline.failed(second.exchange, second.attempt, refused, true))).toBe(false);
    expect(path.service('retry')).toBe(1);
    const third = begun(path);
    expect(isFault(path.pipeline.failed(third.exchange, third.attempt, refused, true))).toBe(true);
  });

  test('a budget is not charged for a retry that nobody could take', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    path.stage.table.live.drained.fill(1, 0, 3);
    const before = exchange.state.budget.balance(path.now.ms);
    expect(isFault(path.pipeline.failed(exchange, attempt, refused, true))).toBe(true);
    expect(exchange.state.budget.balance(path.now.ms)).toBe(before);
    expect(path.failovers).toEqual([]);
  });

  test('may go to an endpoint that is down, when nothing else is left', () => {
    const path = pathOf();
    path.stage.table.live.state[GCP] = HEALTH_STATE.unhealthy;
    path.stage.table.live.drained[AZURE] = 1;
    const { exchange, attempt } = begun(path);
    const next = attemptOf(path.pipeline.failed(exchange, attempt, refused, true));
    expect(next).toMatchObject({ endpoint: { cloud: 'gcp' }, panic: true });
    expect(path.panics).toEqual(['shop']);
  });
});

describe('an answer that another endpoint may do better than', () => {
  test('is dropped for an idempotent request', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    const next = attemptOf(path.pipeline.answered(exchange, attempt, 503, true));
    expect(next.endpoint.cloud).toBe('gcp');
    expect(path.failovers).toEqual(['aws > gcp: status-503']);
    expect(outcomes(path, AWS)).toEqual({ 'error-status': 1 });
    expect(path.inFlight()).toEqual([0, 1, 0]);
  });

  test.each([
    ['POST', 503, true],
    ['GET', 501, true],
    ['POST', 500, true],
    ['GET', 200, true],
    ['GET', 503, false],
  ] as const)('%s, status %d, body still there %s: it is the client’s', (method, status, bodyReplayable) => {
    const path = pathOf();
    const { exchange, attempt } = begun(path, { method });
    expect(path.pipeline.answered(exchange, attempt, status, bodyReplayable)).toBeUndefined();
    expect(path.inFlight()).toEqual([1, 0, 0]);
  });

  test('is the client’s when only endpoints that are down are left', () => {
    const path = pathOf();
    path.stage.table.live.state.fill(HEALTH_STATE.unhealthy, GCP, 3);
    const { exchange, attempt } = begun(path);
    expect(path.pipeline.answered(exchange, attempt, 503, true)).toBeUndefined();
    expect(path.panics).toEqual([]);
  });
});

describe('a 500', () => {
  test('is tried elsewhere, and held against the first endpoint if the second does better', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    const next = attemptOf(path.pipeline.answered(exchange, attempt, 500, true));
    expect(next.endpoint.cloud).toBe('gcp');
    expect(path.pipeline.answered(exchange, next, 200, true)).toBeUndefined();
    path.pipeline.ended(exchange, next, 'complete');
    expect([outcomes(path, AWS), outcomes(path, GCP)]).toEqual([{ 'error-status': 1 }, { success: 1 }]);
    expect(path.deps.block.requestsSuccess[GCP]).toBe(1);
  });

  test('that a second endpoint agrees on is the client’s: no third is asked, and the second is not to blame', () => {
    const path = pathOf(threeClouds({ service: 'breakers: { failures: 1 }' }));
    const { exchange, attempt } = begun(path);
    const next = attemptOf(path.pipeline.answered(exchange, attempt, 500, true));
    expect(path.pipeline.answered(exchange, next, 500, true)).toBeUndefined();
    path.pipeline.ended(exchange, next, 'complete');
    expect([outcomes(path, AWS), outcomes(path, GCP)]).toEqual([{ 'error-status': 1 }, { agreed: 1 }]);
    expect(path.deps.live.endpointCells.isClosed(AWS)).toBe(false);
    expect(path.deps.live.endpointCells.isClosed(GCP)).toBe(true);
    expect(path.deps.block.requestsError[GCP]).toBe(1);
    expect(path.inFlight()).toEqual([0, 0, 0]);
  });

  test('after another status than that is one of its own', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    const next = attemptOf(path.pipeline.answered(exchange, attempt, 503, true));
    const last = attemptOf(path.pipeline.answered(exchange, next, 500, true));
    expect(path.pipeline.answered(exchange, last, 200, true)).toBeUndefined();
    expect(outcomes(path, GCP)).toEqual({ 'error-status': 1 });
  });
});

describe('an answer that says that there is no room', () => {
  const breakers = 'breakers: { failures: 1, successes: 1, open_for: 60s, probes: 1 }';

  test('may be given by another endpoint, and is held against nobody', () => {
    const path = pathOf(threeClouds({ service: breakers }));
    const { exchange, attempt } = begun(path);
    path.pipeline.overloaded(attempt);
    const next = attemptOf(path.pipeline.answered(exchange, attempt, 503, true));
    expect(next.endpoint.cloud).toBe('gcp');
    expect(outcomes(path, AWS)).toEqual({ overloaded: 1 });
    expect(path.deps.live.endpointCells.isClosed(AWS)).toBe(true);
    // How soon it was refused says nothing of how fast it is.
    expect(path.deps.block.firstByteCount[AWS]).toBe(0);
  });

  test('is the client’s where it may not be sent again, and an error for it', () => {
    const path = pathOf(threeClouds({ service: breakers }));
    const { exchange, attempt } = begun(path, { method: 'POST' });
    path.pipeline.overloaded(attempt);
    expect(path.pipeline.answered(exchange, attempt, 503, true)).toBeUndefined();
    path.pipeline.ended(exchange, attempt, 'complete');
    expect(outcomes(path, AWS)).toEqual({ overloaded: 1 });
    expect(path.deps.live.endpointCells.isClosed(AWS)).toBe(true);
    expect(path.deps.block.requestsError[AWS]).toBe(1);
    expect(path.inFlight()).toEqual([0, 0, 0]);
  });
});

test('a stream’s head settles a probe, and its end its place in flight', () => {
  const path = pathOf(threeClouds({ service: 'breakers: { failures: 1, successes: 1, open_for: 1s, probes: 1 }' }));
  const sick = begun(path);
  path.pipeline.failed(sick.exchange, sick.attempt, refused, false);
  path.now.ms += 1000;
  const { exchange, attempt } = begun(path, { headers: ['routing-priority', 'latency'] });
  expect(attempt.endpoint.cloud).toBe('aws');
  path.pipeline.answered(exchange, attempt, 200, true);
  expect(path.stage.live.endpointCells.read(AWS).state).toBe('closed');
  expect(path.inFlight()).toEqual([1, 0, 0]);
  path.pipeline.ended(exchange, attempt, 'client-gone');
  expect(path.inFlight()).toEqual([0, 0, 0]);
});

describe('a client that leaves', () => {
  test('long after its patience, without a first byte: a bad answer, and the endpoint’s', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path, { method: 'POST' });
    path.now.ms += attempt.patienceMs * UNANSWERED_PATIENCES;
    path.pipeline.clientGone(exchange, attempt);
    expect(outcomes(path, AWS)).toEqual({ unanswered: 1 });
    expect(requests(path)).toEqual({ success: 0, error: 1 });
    expect(path.deps.block.sli[SLI.indexOf('bad')]).toBe(1);
    expect(path.service('client-gone')).toBe(0);
    expect(path.log).toMatchObject([{ status: 499, how: 'client-gone' }]);
    expect(path.stage.live.endpointCells.read(AWS)).toEqual({ state: 'closed', failures: 1 });
    expect(path.inFlight()).toEqual([0, 0, 0]);
  });

  test('while it is still sending: nobody is to blame, however long that took', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path, { method: 'POST' });
    path.pipeline.uploading(attempt);
    path.now.ms += 60_000;
    path.pipeline.clientGone(exchange, attempt);
    expect(outcomes(path, AWS)).toEqual({ abandoned: 1 });
  });

  test('before an answer: the attempt is abandoned, and the request counted apart', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    path.pipeline.clientGone(exchange, attempt);
    expect(path.inFlight()).toEqual([0, 0, 0]);
    expect(outcomes(path, AWS)).toEqual({ abandoned: 1 });
    expect(requests(path)).toEqual({ success: 0, error: 0 });
    expect(path.service('client-gone')).toBe(1);
    expect(path.log).toMatchObject([{ status: 499, how: 'client-gone' }]);
    expect(path.stage.live.endpointCells.read(AWS)).toEqual({ state: 'closed', failures: 0 });
  });

  test('while a suspect waits to be judged: all of them are settled', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    const next = attemptOf(path.pipeline.patienceExpired(exchange, attempt, true));
    path.pipeline.clientGone(exchange, next);
    expect(path.inFlight()).toEqual([0, 0, 0]);
    expect([outcomes(path, AWS), outcomes(path, GCP)]).toEqual([{ abandoned: 1 }, { abandoned: 1 }]);
  });

  test('in the middle of the answer: abandoned as well', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    path.pipeline.answered(exchange, attempt, 200, true);
    path.pipeline.ended(exchange, attempt, 'client-gone');
    expect(outcomes(path, AWS)).toEqual({ abandoned: 1 });
    expect(path.service('client-gone')).toBe(1);
  });
});
