import { expect, test } from 'vitest';
import type { Service } from '../../../../src/config/topology.ts';
import { CELLS_MAX, LatencyRows, MEASURED_FOR_MS, PLACES_MAX } from '../../../../src/edge/request/latency-rows.ts';
import { expectedRttMs } from '../../../../src/geo/estimate.ts';
import type { Whereabouts } from '../../../../src/geo/locate.ts';
import { latencyFactor } from '../../../../src/routing/factors.ts';
import { VIRGINIA } from '../../../support/path.ts';
import { stageOf } from '../../../support/stage.ts';
import { threeClouds } from '../../../support/topology.ts';

const TOKYO: Whereabouts = {
  key: 'p:JP:35.7,139.7',
  points: [{ latitude: 35.7, longitude: 139.7, country: 'JP', weight: 1 }],
  country: 'JP',
  precision: 'city',
};

function rowsOf(options: Parameters<typeof threeClouds>[0] = {}) {
  const topology = threeClouds(options);
  return { ...stageOf(topology), rows: new LatencyRows(topology.services[0] as Service, topology.edge.place) };
}

test('every endpoint is as far from a client as the estimate says, and its factor is on the service’s curve', () => {
  for (const curve of ['linear', 'decay'] as const) {
    const { rows, view } = rowsOf({ each: 2, service: `routing: { curve: ${curve} }` });
    for (const client of [VIRGINIA, TOKYO]) {
      const row = rows.from(client);
      for (const [i, { place }] of view.service.endpoints.entries()) {
        expect(row.ms[i]).toBe(expectedRttMs(client.points, place));
        expect(row.factors[i]).toBe(latencyFactor(row.ms[i] as number, curve));
      }
    }
  }
});

test('near is near', () => {
  const { rows } = rowsOf();
  const [aws, , azure] = rows.from(TOKYO).ms;
  expect(azure).toBeLessThan(20);
  expect(aws).toBeGreaterThan(120);
});

test('a place is worked out once', () => {
  const { rows } = rowsOf();
  expect(rows.from(VIRGINIA)).toBe(rows.from({ ...VIRGINIA }));
  expect(rows.from(TOKYO)).not.toBe(rows.from(VIRGINIA));
});

test('no more places are remembered than there is room for; the oldest goes first', () => {
  const { rows } = rowsOf();
  const place = (n: number) => ({ ...VIRGINIA, key: `p:${n}` });
  const [oldest, second] = [rows.from(place(0)), rows.from(place(1))];
  for (let n = 2; n < PLACES_MAX; n += 1) rows.from(place(n));
  expect(rows.from(place(0))).toBe(oldest);
  rows.from(place(PLACES_MAX));
  expect(rows.from(place(1))).toBe(second);
  expect(rows.from(place(0))).not.toBe(oldest);
});

test('a service with many endpoints remembers fewer places', () => {
  const one = threeClouds().services[0] as Service;
  const endpoints = Array.from({ length: 20_000 }, () => one.endpoints[0] as Service['endpoints'][number]);
  const rows = new LatencyRows({ ...one, endpoints }, endpoints[0]?.place as never);
  const first = rows.from(VIRGINIA);
  const others = Math.floor(CELLS_MAX / endpoints.length) - 1;
  for (let n = 0; n < others; n += 1) rows.from({ ...VIRGINIA, key: `p:${n}` });
  expect(rows.from(VIRGINIA)).toBe(first);
  rows.from({ ...VIRGINIA, key: 'one too many' });
  expect(rows.from(VIRGINIA)).not.toBe(first);
});

test('from the edge: as measured, and as estimated where nothing was measured', () => {
  const { rows, table, view, topology } = rowsOf();
  table.live.latencyMs[1] = 77;
  const row = rows.measured(table.live, view.rows, 0);
  expect(row.ms[1]).toBe(77);
  expect(row.factors[1]).toBe(latencyFactor(77, 'linear'));
  const edge = [{ ...topology.edge.place, weight: 1 }];
  expect(row.ms[2]).toBe(expectedRttMs(edge, view.service.endpoints[2]?.place as never));
});

test('measurements are taken over now and then, not for every request', () => {
  const { rows, table, view } = rowsOf();
  const first = rows.measured(table.live, view.rows, 1000);
  table.live.latencyMs[1] = 77;
  expect(rows.measured(table.live, view.rows, 1000 + MEASURED_FOR_MS - 1)).toBe(first);
  expect(rows.measured(table.live, view.rows, 1000 + MEASURED_FOR_MS).ms[1]).toBe(77);
});
