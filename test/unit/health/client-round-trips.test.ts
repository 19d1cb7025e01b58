import { expect, test } from 'vitest';
import { countryPoints } from '../../../src/geo/country-points.ts';
import { estimateRttMs } from '../../../src/geo/estimate.ts';
import { clientRegionOf, SUBREGIONS } from '../../../src/geo/subregions.ts';
import { ClientRoundTrips } from '../../../src/health/client-round-trips.ts';
import { countryCell } from '../../../src/table/country-cells.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const JAPAN = 1 + SUBREGIONS.indexOf('korea-japan');
const [AWS, GCP, AZURE] = [0, 1, 2];

function staged() {
  const stage = stageOf(threeClouds());
  const trips = new ClientRoundTrips();
  const { live } = stage.table;
  const of = (region: number, nowMs = 0) =>
    trips.of(stage.view, region, stage.topology.edge.place, { live, blocks: stage.blocks, nowMs });
  const seen = (country: string, requests: number, block = 0) => {
    const { countries } = stage.blocks[block] as (typeof stage.blocks)[number];
    countries[countryCell(country)] = requests;
  };
  return { ...stage, live, of, seen };
}

test('from the edge it is what was measured, the estimate until then, and what is slow in either case', () => {
  const { of, live, topology, view } = staged();
  const place = (i: number) => (view.service.endpoints[i] as (typeof view.service.endpoints)[number]).place;
  expect(of(0)[GCP]).toBe(estimateRttMs(topology.edge.place, place(GCP)));
  live.rttMs[GCP] = 80;
  live.slowMs[GCP] = 25;
  expect(of(0)[GCP]).toBe(105);
});

test('from a region it is as far as from where its requests have come', () => {
  const { of, seen, view, live } = staged();
  seen('JP', 10);
  seen('US', 1000, 1);
  live.rttMs.fill(1);
  live.slowMs[AZURE] = 7;
  const [tokyo] = countryPoints('JP') ?? [];
  const there = clientRegionOf([tokyo as NonNullable<typeof tokyo>]);
  expect(there).toBe(JAPAN);
  const [aws = 0, , azure = 0] = of(JAPAN);
  expect(azure).toBeLessThan(30);
  expect(aws).toBeGreaterThan(120);
  expect(view.service.endpoints).toHaveLength(3);
});

test('where they come from is looked up again after a minute', () => {
  const { of, seen } = staged();
  seen('KR', 100);
  const before = of(JAPAN)[AZURE] as number;
  seen('KR', 100);
  seen('JP', 1_000_000);
  expect(of(JAPAN, 30_000)[AZURE]).toBe(before);
  expect(of(JAPAN, 61_000)[AZURE]).toBeLessThan(before);
});

test('a region that nobody has come from is as far as the edge', () => {
  const { of } = staged();
  expect(of(JAPAN)[AWS]).toBe(of(0)[AWS]);
});
