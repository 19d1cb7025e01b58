import { expect, test } from 'vitest';
import { Debts } from '../../../src/fleet/debts.ts';

test('a key is owed once, and due when its time has come', () => {
  const debts = new Debts();
  debts.owe('a', 10);
  debts.owe('b', 20);
  debts.owe('a', 30);
  expect([debts.size, debts.nextMs(), debts.whenMs('a'), debts.whenMs('c')]).toEqual([
    2,
    20,
    30,
    Number.POSITIVE_INFINITY,
  ]);
  expect([debts.due(19, 9), debts.due(20, 9), debts.due(30, 1)]).toEqual([[], ['b'], ['a']]);
});

test('it can be made due sooner, never later, and is gone when settled', () => {
  const debts = new Debts();
  debts.owe('a', 10);
  expect([debts.hasten('a', 5), debts.hasten('a', 50), debts.hasten('b', 5)]).toEqual([true, true, false]);
  expect(debts.whenMs('a')).toBe(5);
  debts.settle('a');
  expect([debts.size, debts.has('a'), debts.nextMs()]).toEqual([0, false, Number.POSITIVE_INFINITY]);
});
