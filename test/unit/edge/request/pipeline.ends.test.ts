import { expect, test } from 'vitest';
import { isFault } from '../../../../src/resilience/fault.ts';
import { unplacedRow } from '../../../../src/table/worker-block.ts';
import { begun, pathOf, refused, reset } from '../../../support/path.ts';
import { headOf } from '../../../support/request.ts';
import { threeClouds } from '../../../support/topology.ts';

// How requests end that do not end in a whole answer.

test('an answer that breaks off is a failure of the endpoint and an error for the client', () => {
  const path = pathOf();
  const { exchange, attempt } = begun(path);
  path.pipeline.answered(exchange, attempt, 200, true);
  path.pipeline.ended(exchange, attempt, 'broken', reset);
  expect(attempt.outcome).toBe('reset');
  expect(path.total('body-broken')).toBe(1);
  expect(path.deps.block.requestsError[0]).toBe(1);
  expect(path.stage.live.endpointCells.read(0)).toEqual({ state: 'closed', failures: 1 });
  expect(path.log).toMatchObject([{ status: 200, how: 'broken' }]);
});

test('with nobody to send to, the fault says so and is recorded where no endpoint is', () => {
  const path = pathOf();
  path.stage.table.live.drained.fill(1, 0, 3);
  const exchange = path.pipeline.identify(headOf());
  if ('answer' in exchange || isFault(exchange)) throw new Error('refused');
  const fault = path.pipeline.start(exchange);
  expect(fault).toMatchObject({ kind: 'no-candidate', sent: 'nothing' });
  if (isFault(fault)) path.pipeline.gaveUp(exchange, fault);
  expect(path.total('no-candidate')).toBe(1);
  expect(path.deps.block.requestsError[unplacedRow(path.stage.table.shared.limits)]).toBe(1);
  expect(path.log).toMatchObject([{ status: 503 }]);
});

test('a request is recorded once, however often it is said to have ended', () => {
  const path = pathOf();
  const { exchange, attempt } = begun(path);
  const fault = path.pipeline.failed(exchange, attempt, refused, false);
  if (isFault(fault)) path.pipeline.gaveUp(exchange, fault);
  path.pipeline.clientGone(exchange, undefined);
  expect(path.log).toHaveLength(1);
  expect(path.deps.block.requestsError[0]).toBe(1);
  expect(path.service('client-gone')).toBe(0);
});

test('an upgraded stream is recorded at once, and in flight until it ends', () => {
  const path = pathOf();
  const { exchange, attempt } = begun(path);
  path.pipeline.answered(exchange, attempt, 101, false);
  const release = path.pipeline.upgraded(exchange, attempt);
  expect(path.inFlight()).toEqual([1, 0, 0]);
  expect(path.deps.block.openStreams[0]).toBe(1);
  expect(path.total('upgrade')).toBe(1);
  expect(path.log).toHaveLength(1);
  release();
  expect(path.inFlight()).toEqual([0, 0, 0]);
  expect(path.deps.block.openStreams[0]).toBe(0);
});

test('breakers learn from every attempt, and stop sending to an endpoint that keeps failing', () => {
  const near = 'priorities: { near: { latency: 1, capacity: 0, health: 0, diversity: 0 } }';
  const path = pathOf(threeClouds({ service: `routing: { default_priority: near, ${near} }` }));
  for (let i = 0; i < 5; i += 1) {
    const { exchange, attempt } = begun(path);
    expect(attempt.endpoint.cloud).toBe('aws');
    path.pipeline.failed(exchange, attempt, refused, false);
  }
  expect(path.stage.live.endpointCells.read(0).state).toBe('open');
  expect(begun(path).attempt.endpoint.cloud).toBe('gcp');
});

test('the retry budget is asked about the service’s requests, not one request’s', () => {
  const path = pathOf(threeClouds({ service: 'retries: { budget: 25%, budget_floor: 3 }' }));
  let made = 0;
  for (let i = 0; i < 200; i += 1) {
    const { exchange, attempt } = begun(path);
    const next = path.pipeline.failed(exchange, attempt, refused, true);
    if (isFault(next)) path.pipeline.gaveUp(exchange, next);
    else {
      made += 1;
      path.pipeline.answered(exchange, next, 200, true);
      path.pipeline.ended(exchange, next, 'complete');
    }
    path.stage.table.live.breaker.fill(0);
    path.stage.table.live.cloudBreaker.fill(0);
  }
  // A quarter of 200 requests and the floor's ten seconds of 3.
  expect(made).toBe(50 + 30);
  expect(path.total('retry-budget-exhausted')).toBe(200 - made);
});
