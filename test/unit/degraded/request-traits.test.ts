import { expect, test } from 'vitest';
import { isCredential, traitsOf } from '../../../src/degraded/request-traits.ts';

const NONE = { authorization: false, credentials: false, selective: false, overriding: false };

test.each([
  [[], {}],
  [['Accept', 'a/b'], {}],
  [['AUTHORIZATION', 'x'], { authorization: true }],
  [['cookie', 'x'], { credentials: true }],
  [['X-Api-KEY', 'x'], { credentials: true }],
  [['X-Other-Key', 'x'], {}],
  [['Range', 'x', 'Cookie', 'y'], { selective: true, credentials: true }],
  [['X-HTTP-Method-Override', 'PUT'], { overriding: true }],
])('%o', (headers, expected) => {
  expect(traitsOf(headers, ['x-api-key'])).toEqual({ ...NONE, ...expected });
});

test('credentials are what always counts, and what the file names', () => {
  expect(['authorization', 'cookie', 'x-key', 'accept'].map((name) => isCredential(name, ['x-key']))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
