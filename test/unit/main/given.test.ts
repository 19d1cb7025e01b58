import { expect, test } from 'vitest';
import { given } from '../../../src/main/given.ts';

test('what has no value is left out; nothing, no and 0 are values', () => {
  expect(given({ a: undefined, b: null, c: false, d: 0, e: '' })).toStrictEqual({ b: null, c: false, d: 0, e: '' });
});
