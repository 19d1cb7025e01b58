import { expect, test } from 'vitest';
import { threadFamilies } from '../../../src/observe/thread-families.ts';
import { DECISION_CELLS, TOTALS } from '../../../src/table/worker-block.ts';
import { valuesOf } from './samples.ts';
import { topologyWith, worldOf } from './world.ts';

const { blocks } = worldOf(topologyWith({ shop: ['aws/x'] }));
const families = threadFamilies(blocks, () => 1000);

/** Every thread counts the position of a total, so that no two of them have the same sum. */
for (const block of blocks) for (let i = 0; i < TOTALS.length; i += 1) block.totals[i] = 10 + i;

test.each([
  ['bad-request', 'meridian_bad_requests_total'],
  ['no-candidate', 'meridian_no_candidate_total'],
  ['loop', 'meridian_loops_total'],
  ['unknown-priority', 'meridian_unknown_priorities_total'],
  ['retry-budget-exhausted', 'meridian_retry_budget_exhausted_total'],
  ['body-broken', 'meridian_broken_bodies_total'],
  ['upgrade', 'meridian_upgrades_total'],
  ['unread-hand-over', 'meridian_unread_handovers_total'],
] as const)('%s is %s', (total, name) => {
  expect(valuesOf(families, name)).toEqual({ '': 2 * (10 + TOTALS.indexOf(total)) });
});

test('every total has a metric of its own', () => {
  const counters = families.filter(({ type }) => type === 'counter');
  // And one that is by version.
  expect(counters).toHaveLength(TOTALS.length + 1);
});

test('lines that the control thread dropped are added to those of edge threads', () => {
  expect(valuesOf(families, 'meridian_log_lines_dropped_total')).toEqual({
    '': 2 * (10 + TOTALS.indexOf('log-dropped')) + 1000,
  });
});

test('decisions are a histogram in seconds over all threads', () => {
  blocks[0]!.decisions[0] = 3;
  blocks[1]!.decisions[DECISION_CELLS - 1] = 1;
  blocks[1]!.decisionSumUs[0] = 2_000_000;
  const values = valuesOf(families, 'meridian_decision_seconds');
  expect([values['5e-7'], values['0.001'], values['+Inf']]).toEqual([3, 3, 4]);
  const samples = families.find(({ type }) => type === 'histogram')!.samples();
  expect(samples.find(({ metricName }) => metricName?.endsWith('_sum'))?.value).toBe(2);
});

test('gauges are added up, except lag, which is by thread', () => {
  [blocks[0]!.openStreams[0], blocks[1]!.openStreams[0]] = [1, 2];
  [blocks[0]!.connections[0], blocks[1]!.connections[0]] = [10, 20];
  [blocks[0]!.loopLagMs[0], blocks[1]!.loopLagMs[0]] = [1, 25];
  [blocks[0]!.requestsNow[0], blocks[1]!.requestsNow[0], blocks[1]!.handshakes[0]] = [4, 5, 6];
  blocks[0]!.http2Now.set([1, 2, 7]);
  blocks[1]!.http2Now.set([2, 0, 0]);
  blocks[1]!.versions.set([1, 2, 3]);
  expect(valuesOf(families, 'meridian_requests_by_version_total')).toEqual({ '1.0': 1, '1.1': 2, '2.0': 3 });
  expect(valuesOf(families, 'meridian_connections')).toEqual({
    'handshake tls': 6,
    'idle http/1': 20,
    'active http/1': 2,
    'idle http/2': 3,
    'active http/2': 2,
    'active upgraded': 3,
  });
  expect(valuesOf(families, 'meridian_open_streams')).toEqual({ '': 3 });
  expect(valuesOf(families, 'meridian_client_connections')).toEqual({ '': 30 });
  expect(valuesOf(families, 'meridian_event_loop_lag_seconds')).toEqual({ '0': 0.001, '1': 0.025 });
});

test('without threads there are zeros, and no lag', () => {
  const none = threadFamilies([], () => 0);
  expect(valuesOf(none, 'meridian_loops_total')).toEqual({ '': 0 });
  expect(valuesOf(none, 'meridian_event_loop_lag_seconds')).toEqual({});
});
