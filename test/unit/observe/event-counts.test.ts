import { expect, test } from 'vitest';
import { EventCounts } from '../../../src/observe/event-counts.ts';
import type { Event } from '../../../src/table/event.ts';
import { valuesOf } from './samples.ts';
import { topologyWith } from './world.ts';

function countsOf(...events: readonly Event[]) {
  let wallMs = 1_000_000;
  const counts = new EventCounts({ wallMs: () => wallMs, geoBuiltAtMs: 400_000, geoBuiltin: false, loops: ['health'] });
  counts.follow(topologyWith({ shop: ['aws/a', 'gcp/b'] }));
  wallMs += 60_000;
  for (const event of events) counts.onEvent(event);
  return (name: string) => valuesOf(counts.families(), name);
}

const REJECTED: Event = { type: 'reload-rejected', file: 'f', problems: ['p'] };
const RELOADED: Event = { type: 'reloaded', file: 'f', services: 1, endpoints: 2 };

test('before anything happens there are zeros', () => {
  const values = countsOf();
  expect(values('meridian_panics_total')).toEqual({ shop: 0 });
  expect(values('meridian_loop_failures_total')).toEqual({ health: 0 });
  expect(values('meridian_reloads_total')).toEqual({ success: 0, rejected: 0 });
  expect(values('meridian_certificate_swaps_total')).toEqual({ success: 0, rejected: 0 });
  expect(values('meridian_geo_swaps_total')).toEqual({ success: 0, rejected: 0 });
  expect(values('meridian_worker_restarts_total')).toEqual({ '': 0 });
  expect(values('meridian_resolve_failures_total')).toEqual({ '': 0 });
  expect(Object.values(values('meridian_breaker_transitions_total'))).toEqual(Array.from({ length: 18 }, () => 0));
  expect(values('meridian_reload_success')).toEqual({ '': 1 });
  expect(values('failovers_total')['a b connect-refused']).toBe(0);
});

test('failovers and panics are counted as many times as they say', () => {
  const values = countsOf(
    { type: 'failed-over', from: 'a', to: 'b', reason: 'connect-refused', count: 3 },
    { type: 'failed-over', from: 'a', to: 'b', reason: 'connect-refused', count: 2 },
    { type: 'panic', service: 'shop', count: 7 },
  );
  expect(values('failovers_total')['a b connect-refused']).toBe(5);
  expect(values('failovers_total')['b a connect-refused']).toBe(0);
  expect(values('meridian_panics_total')).toEqual({ shop: 7 });
});

test('dropped connections, bugs and threads that failed are counted', () => {
  const values = countsOf(
    { type: 'connections-dropped', reason: 'handshakes', count: 4 },
    { type: 'connections-dropped', reason: 'handshakes', count: 1 },
    { type: 'descriptors-exhausted', error: 'EMFILE' },
    { type: 'bug', where: 'a permit', count: 2, error: '' },
    { type: 'worker-failed', worker: 0, error: '' },
    { type: 'worker-died', worker: 1, error: '' },
  );
  expect(values('meridian_connections_dropped_total')).toMatchObject({ handshakes: 5, limit: 0, 'no-descriptors': 0 });
  expect(values('meridian_descriptors_exhausted_total')).toEqual({ '': 1 });
  expect(values('meridian_bugs_total')).toEqual({ uncaught: 1, 'a permit': 2 });
  expect(values('meridian_worker_restarts_total')).toEqual({ '': 2 });
});

test('breakers are counted by what they moved to', () => {
  const move = { type: 'breaker-moved', service: 'shop', cloud: 'gcp', region: 'b', by: 'a', cause: 'reset' } as const;
  const values = countsOf(
    { ...move, scope: 'endpoint', from: 'closed', to: 'open' },
    { ...move, scope: 'cloud', region: '', from: 'open', to: 'half-open' },
  );
  expect(values('meridian_breaker_transitions_total')).toMatchObject({
    'endpoint gcp open': 1,
    'cloud gcp half-open': 1,
    'cloud gcp open': 0,
  });
});

test('a rejected file is a 0 until a good one comes', () => {
  const rejected = countsOf(REJECTED);
  expect(rejected('meridian_reload_success')).toEqual({ '': 0 });
  expect(rejected('meridian_reload_timestamp_seconds')).toEqual({ '': 1000 });
  const mended = countsOf(REJECTED, RELOADED);
  expect(mended('meridian_reload_success')).toEqual({ '': 1 });
  expect(mended('meridian_reload_timestamp_seconds')).toEqual({ '': 1060 });
  expect(mended('meridian_reloads_total')).toEqual({ success: 1, rejected: 1 });
});

test('the age of the geo database is that of the one in use', () => {
  const rejected = countsOf({ type: 'geo-rejected', file: 'f', error: 'e' });
  expect(rejected('meridian_geo_database_age_seconds')).toEqual({ '': 660 });
  const refused = countsOf({ type: 'certificate-refused', key: 'k', error: 'e' });
  expect(refused('meridian_certificate_swaps_total')).toEqual({ success: 0, rejected: 1 });
  expect(rejected('meridian_geo_swaps_total')).toEqual({ success: 0, rejected: 1 });
  const swapped = countsOf({ type: 'geo-swapped', file: 'f', builtAtMs: 1_050_000 });
  expect(swapped('meridian_geo_database_age_seconds')).toEqual({ '': 10 });
  expect(swapped('meridian_geo_swaps_total')).toEqual({ success: 1, rejected: 0 });
});

test('loops, names and threads that fail are counted', () => {
  const values = countsOf(
    { type: 'loop-failed', loop: 'health', error: 'e' },
    { type: 'loop-failed', loop: 'fleet', error: 'e' },
    { type: 'resolve-failed', host: 'h', error: 'e', keptLastGood: true },
    { type: 'resolve-failed', host: 'h', error: 'e', keptLastGood: true },
    { type: 'resolve-failed', host: 'i', error: 'e', keptLastGood: true },
    { type: 'resolve-recovered', host: 'i' },
    { type: 'resources-short', code: 'EMFILE', count: 3 },
    { type: 'resources-short', code: 'EMFILE', count: 4 },
    { type: 'worker-started', worker: 0 },
    { type: 'worker-died', worker: 0, error: 'e' },
  );
  expect(values('meridian_loop_failures_total')).toEqual({ health: 1, fleet: 1 });
  expect(values('meridian_resolve_failures_total')).toEqual({ '': 3 });
  expect(values('meridian_unresolved_hosts')).toEqual({ '': 1 });
  expect(values('meridian_resource_shortages_total')).toEqual({
    EMFILE: 7,
    ENFILE: 0,
    ENOBUFS: 0,
    ENOMEM: 0,
    EADDRNOTAVAIL: 0,
  });
  expect(values('meridian_worker_restarts_total')).toEqual({ '': 1 });
});

test('faults of experiments are counted by experiment and kind, their ends by reason', () => {
  const values = countsOf(
    { type: 'chaos-started', experiment: 'slow', kind: 'latency', radius: 0.1, forMs: 1000, by: 'api' },
    { type: 'chaos-started', experiment: 'quiet', kind: 'partial', radius: 0, forMs: 1000, by: 'file' },
    { type: 'chaos-injected', experiment: 'slow', kind: 'latency', count: 3 },
    { type: 'chaos-injected', experiment: 'slow', kind: 'latency', count: 4 },
    { type: 'chaos-stopped', experiment: 'slow', reason: 'guard', detail: 'd' },
  );
  expect(values('meridian_chaos_injections_total')).toEqual({ 'slow latency': 7, 'quiet partial': 0 });
  expect(values('meridian_chaos_stops_total')).toEqual({ expired: 0, operator: 0, guard: 1, reload: 0, fleet: 0 });
});
