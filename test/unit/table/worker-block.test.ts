import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import {
  DURATION_BOUNDS_S,
  DURATION_CELLS,
  durationCell,
  OUTCOMES,
  TOTALS,
  unplacedRow,
  workerBlock,
  workerBlockBytes,
} from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 5, services: 2, workers: 2 };

test.each(DURATION_BOUNDS_S.map((bound, cell) => [bound, cell] as const))('%d s is inside bucket %d', (bound, cell) => {
  expect(durationCell(bound * 1000)).toBe(cell);
  expect(durationCell(bound * 1000 + 0.001)).toBe(cell + 1);
});

test('every duration has one cell, and a longer one never an earlier cell', () => {
  const ms = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(ms, ms, (a, b) => {
      const [shorter, longer] = [durationCell(Math.min(a, b)), durationCell(Math.max(a, b))];
      expect(shorter).toBeLessThanOrEqual(longer);
      expect(shorter).toBeGreaterThanOrEqual(0);
      expect(longer).toBeLessThan(DURATION_CELLS);
    }),
  );
  expect(durationCell(Number.POSITIVE_INFINITY)).toBe(DURATION_CELLS - 1);
});

test('a block has room for every row, and one for requests that reached none', () => {
  const { shared } = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  const block = workerBlock(shared, 1);
  const row = unplacedRow(LIMITS);
  expect(row).toBe(LIMITS.rows);
  expect(block.requestsSuccess).toHaveLength(row + 1);
  expect(block.durations).toHaveLength((row + 1) * DURATION_CELLS);
  expect(block.outcomes).toHaveLength((row + 1) * OUTCOMES.length);
  expect(block.totals).toHaveLength(TOTALS.length);
  expect(block.recent).toHaveLength(2 * 3);
});

test('threads have blocks of their own, and there are no others', () => {
  const { shared } = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  workerBlock(shared, 0).requestsError[3] = 9;
  expect(workerBlock(shared, 0).requestsError[3]).toBe(9);
  expect(workerBlock(shared, 1).requestsError[3]).toBe(0);
  expect(() => workerBlock(shared, 2)).toThrow(RangeError);
});
