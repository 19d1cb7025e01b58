import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairedDifference, percentile } from '../../bench/scrape/paired.ts';

test('noise that hits both of a pair is no difference', () => {
  const noisy = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 10, maxLength: 200 });
  fc.assert(
    fc.property(noisy, (levels) => {
      const { median, from, to } = pairedDifference(levels.map((level) => [level, level * 1.03]));
      expect(median).toBeCloseTo(0.03, 9);
      expect([from, to]).toEqual([expect.closeTo(0.03, 9), expect.closeTo(0.03, 9)]);
    }),
  );
});

test('noise that hits one of a pair widens the interval, and the interval has the median in it', () => {
  const pairs = Array.from({ length: 100 }, (_, i): [number, number] => [
    100,
    105 + (i % 10 === 0 ? 900 : (i % 7) - 3),
  ]);
  const { median, from, to } = pairedDifference(pairs);
  expect(median).toBeCloseTo(0.05, 1);
  expect(from).toBeLessThanOrEqual(median);
  expect(to).toBeGreaterThanOrEqual(median);
  expect(to).toBeLessThan(0.1);
});

test('few pairs say little: the interval is all of them', () => {
  expect(
    pairedDifference([
      [1, 1],
      [1, 2],
      [1, 3],
    ]),
  ).toEqual({ median: 1, from: 0, to: 2 });
  expect(() => pairedDifference([])).toThrow('no pairs');
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect([percentile(values, 50), percentile(values, 99), percentile([7], 99)]).toEqual([101, 199, 7]);
});
