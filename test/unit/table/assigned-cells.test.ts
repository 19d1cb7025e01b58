import { expect, test } from 'vitest';
import { assignedSpec, CLIENT_REGIONS, NOT_ASSIGNED } from '../../../src/table/assigned-cells.ts';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';

test('every endpoint has a share for each region, and no service has been assigned at first', () => {
  const limits = { rows: 3, services: 2, workers: 1 };
  const { live } = EndpointTable.create(0, limits, workerBlockBytes(limits));
  expect(assignedSpec(limits).assignedShare[1]).toBe(3 * CLIENT_REGIONS);
  expect(live.assignedShare).toHaveLength(3 * CLIENT_REGIONS);
  expect([...live.assignedAtMs]).toEqual([NOT_ASSIGNED, NOT_ASSIGNED]);
});
