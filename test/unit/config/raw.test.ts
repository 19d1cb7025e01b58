import { expect, test } from 'vitest';
import { asList, asMapping, asText, isMapping } from '../../../src/config/raw.ts';

test.each([null, undefined, 5, 'x', true])('%j is neither a mapping nor a list', (value) => {
  expect(isMapping(value)).toBe(false);
  expect(asMapping(value)).toEqual({});
  expect(asList(value)).toEqual([]);
});

test('what has the shape is handed on as it is', () => {
  const mapping = { a: 1 };
  const list = [1];
  expect(asMapping(mapping)).toBe(mapping);
  expect(asList(list)).toBe(list);
  expect(asMapping(list)).toEqual({});
  expect(asList(mapping)).toEqual([]);
  expect(asText('x')).toBe('x');
  expect(asText(5)).toBeUndefined();
});
