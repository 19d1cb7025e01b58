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
  const stage = stageOf(topology);
  const rows = new LatencyRows(topology.services[0] as Service, topology.edge.place);
  const at = (nowMs: number) => ({ live: stage.table.live, rows: stage.view.rows, nowMs });
  const from = (client: Whereabouts, nowMs = 0) => rows.from(client, at(nowMs));
  return { ...stage, at, from, rows };
}

test('every endpoint is as far from a client as the estimate says, and its factor is on the service’s curve', () => {
  for (const curve of ['linear', 'decay'] as const) {
    const { from, view } = rowsOf({ each: 2, service: `routing: { curve: ${curve} }` });
    for (const client of [VIRGINIA, TOKYO]) {
      const row = from(client);
      for (const [i, { place }] of view.service.endpoints.entries()) {
        expect(row.ms[i]).toBe(expectedRttMs(client.points, place));
        expect(row.factors[i]).toBe(latencyFactor(row.ms[i] as number, curve));
      }
    }
  }
});

test("an endpoint of the client's own city is a few milliseconds away, one of another continent is not", () => {
  const { from } = rowsOf();
  const [aws, , azure] = from(TOKYO).ms;
  expect(azure).toBeLessThan(20);
  expect(aws).toBeGreaterThan(120);
});

test('a place is worked out once', () => {
  const { from } = rowsOf();
  expect(from(VIRGINIA)).toBe(from({ ...VIRGINIA }));
  expect(from(TOKYO)).not.toBe(from(VIRGINIA));
});

test('no more places are remembered than there is room for; the oldest goes first', () => {
  const { from } = rowsOf();
  const place = (n: number) => ({ ...VIRGINIA, key: `p:${n}` });
  const [oldest, second] = [from(place(0)), from(place(1))];
  for (let n = 2; n < PLACES_MAX; n += 1) from(place(n));
  expect(from(place(0))).toBe(oldest);
  from(place(PLACES_MAX));
  expect(from(place(1))).toBe(second);
  expect(from(place(0))).not.toBe(oldest);
});

test('a service with many endpoints remembers fewer places', () => {
  const one = threeClouds().services[0] as Service;
  const endpoints = Array.from({ length: 20_000 }, () => one.endpoints[0] as Service['endpoints'][number]);
  const rows = new LatencyRows({ ...one, endpoints }, endpoints[0]?.place as never);
  const { at } = rowsOf();
  const nothing = { ...at(0), rows: new Int32Array(0) };
  const first = rows.from(VIRGINIA, nothing);
  const others = Math.floor(CELLS_MAX / endpoints.length) - 1;
  for (let n = 0; n < others; n += 1) rows.from({ ...VIRGINIA, key: `p:${n}` }, nothing);
  expect(rows.from(VIRGINIA, nothing)).toBe(first);
  rows.from({ ...VIRGINIA, key: 'one too many' }, nothing);
  expect(rows.from(VIRGINIA, nothing)).not.toBe(first);
});

test('from a client: what is slow is as if it were farther, from when it is read until it is over', () => {
  const { from, table, view } = rowsOf();
  const usual = from(TOKYO);
  const before = [...usual.ms];
  table.live.slowMs[2] = 90;
  expect(from(TOKYO, MEASURED_FOR_MS - 1)).toBe(usual);
  const slow = from(TOKYO, MEASURED_FOR_MS);
  expect(slow.ms[2]).toBe((before[2] as number) + 90);
  expect(slow.ms[1]).toBe(before[1]);
  expect(slow.factors[2]).toBe(latencyFactor(slow.ms[2] as number, view.service.routing.curve));
  expect(from(TOKYO, 2 * MEASURED_FOR_MS)).toBe(slow);
  table.live.slowMs[2] = 0;
  expect([...from(TOKYO, 3 * MEASURED_FOR_MS).ms]).toEqual(before);
});

test('from the edge: the round trip as measured, and as estimated where nothing was measured; and what is slow', () => {
  const { rows, at, table, view, topology } = rowsOf();
  table.live.rttMs[1] = 70;
  table.live.slowMs[1] = 7;
  // First bytes have the endpoint's own work in them.
  table.live.latencyMs[1] = 120;
  const row = rows.measured(at(0));
  expect(row.ms[1]).toBe(77);
  expect(row.factors[1]).toBe(latencyFactor(77, 'linear'));
  const edge = [{ ...topology.edge.place, weight: 1 }];
  expect(row.ms[2]).toBe(expectedRttMs(edge, view.service.endpoints[2]?.place as never));
});

test('measurements are taken over now and then, not for every request', () => {
  const { rows, at, table } = rowsOf();
  const first = rows.measured(at(1000));
  table.live.rttMs[1] = 77;
  expect(rows.measured(at(1000 + MEASURED_FOR_MS - 1))).toBe(first);
  expect(rows.measured(at(1000 + MEASURED_FOR_MS)).ms[1]).toBe(77);
});
