import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../src/config/suggest.ts';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['', 'abc', 3],
  ['workrs', 'workers', 1],
  ['workesr', 'workers', 1],
  ['kitten', 'sitting', 3],
])('%s to %s takes %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test('the distance is symmetric, zero only for equals, and never more than the longer word', () => {
  const word = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});

test.each([
  ['workrs', '; did you mean "workers"?'],
  ['keepAlive', '; did you mean "keep_alive"?'],
  ['keep-alive', '; did you mean "keep_alive"?'],
  ['DRAIN', '; did you mean "drain"?'],
  ['nothing_like_it', ''],
])('%s among the keys of a block', (word, hint) => {
  expect(didYouMean(word, ['workers', 'keep_alive', 'drain'])).toBe(hint);
});

test('no candidates, no suggestion', () => {
  expect(didYouMean('x', [])).toBe('');
  expect(nearest('x', [], 3)).toEqual([]);
});

test('the nearest come first', () => {
  expect(nearest('us-east-11', ['eu-west-1', 'us-east-2', 'us-east-1'], 2)).toEqual(['us-east-1', 'us-east-2']);
});
