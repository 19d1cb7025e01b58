import { expect, test } from 'vitest';
import { byPrefix } from '../../../src/config/topology-values.ts';

test('the longest prefix that fits decides', () => {
  const all = { '': 1, 'a/': 2, 'a/b': 3, constructor: 4 };
  expect(['x', 'a/x', 'a/bc', 'a', 'constructors'].map((key) => byPrefix(key, all))).toEqual([1, 2, 3, 1, 4]);
  expect(byPrefix('x', { 'a/': 1 })).toBeUndefined();
  expect(byPrefix('toString', {})).toBeUndefined();
});
