import { expect, test } from 'vitest';
import { compareText } from '../../../src/config/compare-text.ts';

test('texts are in one order everywhere', () => {
  expect(['b', 'a', 'B', 'a-b', 'ab', 'a'].toSorted(compareText)).toEqual(['B', 'a', 'a', 'a-b', 'ab', 'b']);
  expect(compareText('a', 'a')).toBe(0);
});
