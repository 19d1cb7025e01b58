import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bucketsAt,
  countCell,
  DURATION_BOUNDS_S,
  DURATION_CELLS,
  durationCell,
  levelCell,
  SERVICE_CELLS,
  SERVICE_COUNTER_CELLS,
  SERVICE_COUNTS,
  SERVICE_LEVELS,
  SERVICE_TIMES,
  STATUS_CLASSES,
  statusClassCell,
  sumCell,
} from '../../../src/table/service-cells.ts';

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

test('every fact of a service has a cell of its own', () => {
  const cells = [
    ...STATUS_CLASSES.map((_, i) => statusClassCell((i + 1) * 100)),
    ...SERVICE_COUNTS.map(countCell),
    ...SERVICE_TIMES.flatMap((time) => [
      ...Array.from({ length: DURATION_CELLS }, (_, i) => bucketsAt(time) + i),
      sumCell(time),
    ]),
    ...SERVICE_LEVELS.map(levelCell),
  ];
  expect(cells.toSorted((a, b) => a - b)).toEqual(Array.from({ length: SERVICE_CELLS }, (_, i) => i));
  expect(Math.min(...SERVICE_LEVELS.map(levelCell))).toBe(SERVICE_COUNTER_CELLS);
});

test.each([
  [101, '1xx'],
  [204, '2xx'],
  [304, '3xx'],
  [499, '4xx'],
  [503, '5xx'],
  [600, '5xx'],
  [99, '5xx'],
])('%d is one of %s', (status, name) => {
  expect(STATUS_CLASSES[statusClassCell(status)]).toBe(name);
});
