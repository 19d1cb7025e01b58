import { expect, test } from 'vitest';
import {
  CAPACITY_AS_CONFIGURED,
  CLOUD_CELLS,
  cloudBreakerIndex,
  EndpointTable,
  HEALTH_STATE,
  HEALTH_UNKNOWN,
  NOT_RAMPING,
  slotOfCloudBreaker,
  WEIGHT_FULL,
  WITNESS_NONE,
} from '../../../src/table/endpoint-table.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 4, services: 3, workers: 2 };

function fresh(): EndpointTable {
  return EndpointTable.create(7, LIMITS, workerBlockBytes(LIMITS));
}

test('a fresh row is unknown, closed, idle and served', () => {
  const { live, shared } = fresh();
  expect(shared).toMatchObject({ originMs: 7, limits: LIMITS });
  expect(shared.workers).toHaveLength(2);
  for (let row = 0; row < LIMITS.rows; row += 1) {
    expect(live.health[row]).toBe(HEALTH_UNKNOWN);
    expect(live.state[row]).toBe(HEALTH_STATE.unknown);
    expect(live.latencyMs[row]).toBeNaN();
    expect(live.rampFromMs[row]).toBe(NOT_RAMPING);
    expect([live.weight[row], live.capacity[row]]).toEqual([WEIGHT_FULL, CAPACITY_AS_CONFIGURED]);
    expect([
      live.errorRate[row],
      live.drained[row],
      live.inFlight[row],
      live.fleetInFlight[row],
      live.breaker[row],
    ]).toEqual([0, 0, 0, 0, 0]);
  }
  expect([...live.cloudWitness]).toEqual(Array.from({ length: 3 * CLOUD_CELLS }, () => WITNESS_NONE));
});

test('a row that is reset is as new, and its neighbours are as they were', () => {
  const table = fresh();
  const columns = Object.entries(table.live).filter(([, column]) => column.length === LIMITS.rows);
  const before = columns.map(([, column]) => column[1]);
  for (const [, column] of columns) column.fill(7);
  table.resetRow(1);
  expect(columns.map(([, column]) => column[1])).toEqual(before);
  expect(columns.map(([, column]) => column[2])).toEqual(columns.map(() => 7));
});

test('another thread lays the same table over the same memory', () => {
  const table = fresh();
  const other = new EndpointTable(structuredClone(table.shared));
  table.live.latencyMs[2] = 12.5;
  Atomics.add(other.live.inFlight, 3, 2);
  expect(other.live.latencyMs[2]).toBe(12.5);
  expect(table.live.inFlight[3]).toBe(2);
});

test('every cloud of every service has a breaker of its own', () => {
  const indices = [0, 1, 2].flatMap((slot) =>
    Array.from({ length: CLOUD_CELLS }, (_, cloud) => cloudBreakerIndex(slot, cloud)),
  );
  expect(new Set(indices).size).toBe(3 * CLOUD_CELLS);
  expect(indices.map(slotOfCloudBreaker)).toEqual(indices.map((_, i) => Math.floor(i / CLOUD_CELLS)));
  expect(Math.max(...indices)).toBe(fresh().live.cloudBreaker.length - 1);
});
