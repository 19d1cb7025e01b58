import { expect, test } from 'vitest';
import { canonical } from '../../../src/fleet/canonical.ts';

test('equal values have equal texts, at every depth, and lists keep their order', () => {
  expect(canonical({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
  expect(canonical({ a: 'x', b: [{ c: null, d: 1 }] })).toBe(canonical({ b: [{ d: 1, c: null }], a: 'x' }));
  expect(canonical([2, 1])).not.toBe(canonical([1, 2]));
});
