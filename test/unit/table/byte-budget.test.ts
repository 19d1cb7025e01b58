import { expect, test } from 'vitest';
import { ByteBudget } from '../../../src/table/byte-budget.ts';

test('bytes are taken as long as there is room, and given back', () => {
  const budget = new ByteBudget(10);
  expect([budget.take(6), budget.take(5), budget.take(4), budget.taken]).toEqual([true, false, true, 10]);
  budget.give(4);
  expect([budget.take(5), budget.take(4)]).toEqual([false, true]);
});
