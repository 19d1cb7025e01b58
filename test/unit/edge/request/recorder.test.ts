import { expect, test } from 'vitest';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import { DURATION_CELLS, durationCell } from '../../../../src/table/service-cells.ts';
import { OUTCOMES, SLI, TOTALS } from '../../../../src/table/worker-block.ts';
import { begun, pathOf } from '../../../support/path.ts';
import { headOf } from '../../../support/request.ts';
import { threeClouds } from '../../../support/topology.ts';

const ended = (how: 'complete' | 'broken' | 'client-gone', status: number) => ({ how, status });

test.each(TOTALS)('%s has a cell of its own', (total) => {
  const path = pathOf();
  path.recorder.count(total);
  path.recorder.count(total);
  expect(TOTALS.filter((name) => path.total(name) !== 0)).toEqual([total]);
  expect(path.total(total)).toBe(2);
});

test.each(OUTCOMES)('an attempt that ends as %s is counted as that, in its row', (outcome) => {
  const path = pathOf();
  const { attempt } = begun(path);
  path.recorder.settle(attempt, 'abandoned', outcome);
  const cells = [...path.deps.block.outcomes].flatMap((count, cell) => (count === 0 ? [] : [[cell, count]]));
  expect(cells).toEqual([[attempt.index * OUTCOMES.length + OUTCOMES.indexOf(outcome), 1]]);
  expect(attempt.outcome).toBe(outcome);
  expect(path.inFlight()).toEqual([0, 0, 0]);
});

test.each([
  ['complete', 200, 1, 0],
  ['complete', 499, 1, 0],
  ['complete', 500, 0, 1],
  ['complete', 503, 0, 1],
  ['broken', 200, 0, 1],
  ['client-gone', 499, 0, 0],
] as const)('%s with %d: %d successes, %d errors', (how, status, good, bad) => {
  const path = pathOf();
  const { exchange, attempt } = begun(path);
  path.now.ms += 40;
  path.recorder.record(exchange, attempt, ended(how, status));
  const { requestsSuccess, requestsError, durations, durationSumMs } = path.deps.block;
  expect([requestsSuccess[0], requestsError[0]]).toEqual([good, bad]);
  expect(durationSumMs[0]).toBe(40 * (good + bad));
  expect(durations[durationCell(40)]).toBe(good + bad);
  expect(path.service('client-gone')).toBe(how === 'client-gone' ? 1 : 0);
  expect(path.total('body-broken')).toBe(how === 'broken' ? 1 : 0);
  expect(path.log).toHaveLength(1);
});

test('a request is counted under the endpoint it ended at, or under none', () => {
  const path = pathOf();
  const [one, two] = [begun(path), begun(path)];
  path.recorder.record(
    one.exchange,
    { ...one.attempt, permit: { target: { row: 2 } } } as never,
    ended('complete', 200),
  );
  path.recorder.record(two.exchange, undefined, ended('complete', 503));
  const { requestsSuccess, requestsError, durations } = path.deps.block;
  expect(requestsSuccess[2]).toBe(1);
  expect(requestsError[path.deps.unplacedRow]).toBe(1);
  expect(durations[2 * DURATION_CELLS]).toBe(1);
  expect(durations[path.deps.unplacedRow * DURATION_CELLS]).toBe(1);
});

test('it is recorded once', () => {
  const path = pathOf();
  const { exchange, attempt } = begun(path);
  path.recorder.record(exchange, attempt, ended('complete', 200));
  path.recorder.record(exchange, attempt, ended('complete', 500));
  expect([path.deps.block.requestsSuccess[0], path.deps.block.requestsError[0]]).toEqual([1, 0]);
  expect(path.log).toHaveLength(1);
});

test('first bytes are added up, and open streams counted up and down', () => {
  const path = pathOf();
  const { attempt } = begun(path);
  for (const ms of [10, 30]) path.recorder.firstByte(Object.assign(attempt, { firstByteMs: ms }), 0);
  expect([path.deps.block.firstByteSumMs[0], path.deps.block.firstByteCount[0]]).toEqual([40, 2]);
  path.recorder.stream(1);
  path.recorder.stream(1);
  path.recorder.stream(-1);
  expect(path.deps.block.openStreams[0]).toBe(1);
});

test.each([
  ['complete', 200, 'good'],
  ['complete', 404, 'good'],
  ['complete', 500, 'bad'],
  ['broken', 200, 'bad'],
  ['client-gone', 499, 'aborted'],
  ['client-gone', 200, 'aborted'],
] as const)('the indicator of the service: %s with %d is %s', (how, status, sli) => {
  const path = pathOf();
  const { exchange, attempt } = begun(path);
  path.recorder.record(exchange, attempt, ended(how, status));
  expect(SLI.filter((_, i) => path.deps.block.sli[i] !== 0)).toEqual([sli]);
});

test('a request that reached no endpoint is its service’s all the same', () => {
  const path = pathOf();
  path.recorder.record(begun(path).exchange, undefined, ended('complete', 503));
  expect(path.deps.block.sli[SLI.indexOf('bad')]).toBe(1);
});

test('a request that an experiment touched is no measure of the service, but its failure is reported', () => {
  const path = pathOf();
  const { sli, chaosBad } = path.deps.block;
  const slot = path.stage.placement.slots['shop'] as number;
  for (const [how, status, chaos, tookMs] of [
    ['complete', 200, 'slow', 0],
    ['complete', 500, 'slow', 0],
    ['complete', 500, '', 0],
    // Its client left, or it had its answer later than the guard allows.
    ['client-gone', 499, 'slow', 0],
    ['complete', 200, 'slow', 10_001],
  ] as const) {
    const { exchange, attempt } = begun(path);
    exchange.chaos = chaos;
    path.now.ms += tookMs;
    path.recorder.record(exchange, attempt, ended(how, status));
  }
  const cells = sli.subarray(slot * SLI.length, (slot + 1) * SLI.length);
  expect(Object.fromEntries(SLI.map((name, i) => [name, cells[i]]))).toEqual({
    good: 0,
    bad: 1,
    aborted: 0,
    excluded: 4,
  });
  expect(chaosBad[slot]).toBe(3);
});

test('what is turned away at once is counted and logged as if it had been made ready, limited and recorded', () => {
  const topology = threeClouds({ service: 'shed: { order: [balanced, latency] }' });
  const head = headOf({ headers: ['X-Request-Id', 'one', 'User-Agent', 'test'] });
  const seen = (['at once', 'the long way'] as const).map((how) => {
    const path = pathOf(topology);
    const exchange = path.pipeline.identify(head) as Exchange;
    path.recorder.record(exchange, undefined, { status: 200, how: 'complete' });
    const { requestId } = exchange;
    if (how === 'at once') path.recorder.turnedAway(exchange);
    else {
      const again = { ...exchange, recorded: false };
      path.recorder.began('1.1');
      path.recorder.limited(again, 'shed');
      path.recorder.record(again, undefined, { status: 503, how: 'complete' });
    }
    const { countries, durations, requestsError, requestsNow, services, sli, versions } = path.deps.block;
    const columns = [countries, durations, requestsError, requestsNow, services, sli, versions].map((one) => [...one]);
    const log = path.log.map((line) => ({
      ...line,
      requestId: line.requestId === requestId,
      traceId: line.traceId.length,
    }));
    return { columns, log, shed: path.service('shed') };
  });
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]?.shed).toBe(1);
});
