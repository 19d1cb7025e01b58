import { expect, test } from 'vitest';
import { dueCells, LIMIT_KEYS, LIMIT_WAYS } from '../../../src/table/limit-cells.ts';

test('a due time is the same 64 bits in every view of its column', () => {
  const column = new Float64Array(new SharedArrayBuffer(64), 16, 4);
  Atomics.store(dueCells(column), 2, 2n ** 62n - 1n);
  expect(dueCells(column)[2]).toBe(2n ** 62n - 1n);
  expect(dueCells(column).length).toBe(4);
  expect(LIMIT_KEYS % LIMIT_WAYS).toBe(0);
});
