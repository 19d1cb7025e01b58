import { expect, test } from 'vitest';
import { CLOUD_CELLS, EndpointTable } from '../../../src/table/endpoint-table.ts';
import { DURATION_CELLS } from '../../../src/table/service-cells.ts';
import { OUTCOMES, TOTALS, unplacedRow, workerBlock, workerBlockBytes } from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 5, services: 2, workers: 2 };

test('a block has room for every row, and one for requests that reached none', () => {
  const { shared } = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  const block = workerBlock(shared, 1);
  const row = unplacedRow(LIMITS);
  expect(row).toBe(LIMITS.rows);
  expect(block.requestsSuccess).toHaveLength(row + 1);
  expect(block.durations).toHaveLength((row + 1) * DURATION_CELLS);
  expect(block.outcomes).toHaveLength((row + 1) * OUTCOMES.length);
  expect(block.totals).toHaveLength(TOTALS.length);
  expect(block.recent).toHaveLength(2 * CLOUD_CELLS);
});

test('threads have blocks of their own, and there are no others', () => {
  const { shared } = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  workerBlock(shared, 0).requestsError[3] = 9;
  expect(workerBlock(shared, 0).requestsError[3]).toBe(9);
  expect(workerBlock(shared, 1).requestsError[3]).toBe(0);
  expect(() => workerBlock(shared, 2)).toThrow(RangeError);
});
