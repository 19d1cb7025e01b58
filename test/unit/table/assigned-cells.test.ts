import { expect, test } from 'vitest';
import {
  assignedSpec,
  CLIENT_REGIONS,
  FENCE_CLASSES,
  NOT_ASSIGNED,
  ORIGIN_CELLS,
  originCell,
} from '../../../src/table/assigned-cells.ts';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';

test('every endpoint has a share for each origin, and no service has been assigned at first', () => {
  const limits = { rows: 3, services: 2, workers: 1 };
  const { live } = EndpointTable.create(0, limits, workerBlockBytes(limits));
  expect(assignedSpec(limits).assignedShare[1]).toBe(3 * ORIGIN_CELLS);
  expect(live.assignedShare).toHaveLength(3 * ORIGIN_CELLS);
  expect([...live.assignedAtMs]).toEqual([NOT_ASSIGNED, NOT_ASSIGNED]);
});

test('each region and choice of endpoints has a cell of its own', () => {
  const cells = Array.from({ length: FENCE_CLASSES }, (_, fenceClass) =>
    Array.from({ length: CLIENT_REGIONS }, (_, region) => originCell(region, fenceClass)),
  ).flat();
  expect(cells).toEqual(Array.from({ length: ORIGIN_CELLS }, (_, cell) => cell));
});
