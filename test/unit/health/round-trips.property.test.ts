import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIT_MAX, FIT_MIN } from '../../../src/health/capacity-fit.ts';
import { RoundTrips } from '../../../src/health/round-trips.ts';
import type { LiveColumns } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const ENDPOINTS = [0, 1, 2].map((row) => ({ row, capacity: 100 }));

const row = fc.integer({ min: 0, max: 2 });
const ms = fc.double({ min: 0, max: 60_000, noNaN: true });
const many = fc.integer({ min: 0, max: 5000 });
const step = fc.oneof(
  fc.record({ what: fc.constant('checked' as const), row, ms }),
  fc.record({ what: fc.constant('answered' as const), row, ms, count: many, refused: many }),
  fc.record({ what: fc.constant('inFlight' as const), row, count: many }),
  // A clock may stand still, or have been put back.
  fc.record({ what: fc.constant('looked' as const), passedMs: fc.integer({ min: -2000, max: 20_000 }) }),
);

test('whatever comes first, and whatever the clock does, nothing that is written is no number', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { live } = stageOf(threeClouds()).table;
      const trips = new RoundTrips();
      let nowMs = 0;
      for (const one of steps) {
        if (one.what === 'checked') trips.checked(one.row, one.ms);
        else if (one.what === 'answered') {
          const { row: at, count, refused } = one;
          trips.counted(at, { firstByteSumMs: one.ms * count, firstByteCount: count, refused }, nowMs);
        } else if (one.what === 'inFlight') live.fleetInFlight[one.row] = one.count;
        else {
          nowMs += one.passedMs;
          trips.settle(ENDPOINTS, live, nowMs);
          for (const { row: at } of ENDPOINTS) expectNumbers(at, live, trips, nowMs);
        }
      }
    }),
    { numRuns: 500 },
  );
});

function expectNumbers(at: number, live: LiveColumns, trips: RoundTrips, nowMs: number): void {
  expect(live.capacityFit[at]).toBeGreaterThanOrEqual(FIT_MIN);
  expect(live.capacityFit[at]).toBeLessThanOrEqual(FIT_MAX);
  expect(live.slowMs[at]).toBeGreaterThanOrEqual(0);
  expect(live.atEndpoint[at]).toBeGreaterThan(0);
  expect(live.atEndpoint[at]).toBeLessThanOrEqual(1);
  for (const figure of Object.values(trips.answersOf(at, nowMs) ?? {})) expect(figure).toBeGreaterThanOrEqual(0);
}
