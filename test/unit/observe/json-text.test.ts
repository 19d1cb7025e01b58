import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonNumber, jsonText } from '../../../src/observe/json-text.ts';

test('a string is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(jsonText(text)).toBe(JSON.stringify(text));
    }),
  );
  for (const text of ['', 'a', '"', '\\', '\n', '\u0000', '\u007f', '\u2028', 'ü', '😀', '\ud800', 'a\udc00'])
    expect(jsonText(text)).toBe(JSON.stringify(text));
});

const reference = (value: number, per: number) => JSON.stringify(Math.round(value * per) / per);

test.each([
  0,
  -0,
  0.0004,
  0.0005,
  0.1,
  0.01,
  0.001,
  0.109,
  0.9999,
  0.99996,
  1,
  10,
  100.5,
  12.3456,
  999_999.999,
  1e6,
  1e9,
  1e15,
  1e21,
  -0.3,
  -5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
])('%f is rounded and written as before', (value) => {
  expect(jsonNumber(value, 3)).toBe(reference(value, 1000));
  expect(jsonNumber(value, 4)).toBe(reference(value, 10_000));
});

test('any number is written as JSON.stringify writes it once it is rounded', () => {
  const numbers = fc.oneof(fc.double(), fc.double({ min: 0, max: 2 }), fc.double({ min: 0, max: 100_000 }));
  fc.assert(
    fc.property(numbers, (value) => {
      expect(jsonNumber(value, 3)).toBe(reference(value, 1000));
      expect(jsonNumber(value, 4)).toBe(reference(value, 10_000));
    }),
    { numRuns: 2000 },
  );
});
