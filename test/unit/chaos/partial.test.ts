import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortenArray } from '../../../src/chaos/partial.ts';

test('it keeps the first share of any array, rounded down', () => {
  const array = fc.array(fc.jsonValue());
  fc.assert(
    fc.property(array, fc.double({ min: 0, max: 1, noNaN: true }), (items, keep) => {
      const kept = JSON.parse(shortenArray(Buffer.from(JSON.stringify(items)), keep)?.toString() ?? '') as unknown[];
      expect(kept).toEqual(JSON.parse(JSON.stringify(items.slice(0, kept.length))));
      expect(Math.abs(kept.length - items.length * keep)).toBeLessThan(1);
    }),
  );
});

test('29 % of a hundred are 29, whatever binary fractions say', () => {
  const body = Buffer.from(JSON.stringify(Array.from({ length: 100 }, () => 0)));
  expect(JSON.parse(shortenArray(body, 0.29)?.toString() ?? '')).toHaveLength(29);
});

test.each(['{"a": [1]}', '"text"', 'null', '12', '', '[1, 2', 'x'])('%j is no array', (text) => {
  expect(shortenArray(Buffer.from(text), 0.5)).toBeUndefined();
});
