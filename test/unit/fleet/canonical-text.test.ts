import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText } from '../../../src/fleet/canonical-text.ts';

test('the order in which keys were written does not matter, at any depth; that of a list does', () => {
  expect(canonicalText({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  expect(canonicalText([1, 2])).not.toBe(canonicalText([2, 1]));
});

test('what it writes is JSON of the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalText(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalText(JSON.parse(text))).toBe(text);
    }),
  );
});
