import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs } from '../../../src/acme/back-off.ts';

const MINUTE = 60_000;

test.each([
  ['away', 1, 5000],
  ['away', 2, 10_000],
  ['away', 30, 60 * MINUTE],
  ['refused', 1, 2 * MINUTE],
  ['refused', 5, 32 * MINUTE],
  ['wrong', 1, 2 * MINUTE],
  ['wrong', 1000, 6 * 60 * MINUTE],
  ['limited', 1, 10 * MINUTE],
] as const)('after %s %i times: %i ms', (trouble, failures, ms) => {
  expect(backOffMs(failures, { trouble, retryAfterMs: 0 }, 0.5)).toBe(ms);
});

test('what an authority asks for is never undercut', () => {
  expect(backOffMs(1, { trouble: 'limited', retryAfterMs: 3 * 60 * MINUTE }, 0)).toBe(3 * 60 * MINUTE);
});

test('one name is never ordered more than five times within half an hour', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), (draws) => {
      const waits = draws.map((draw, i) => backOffMs(i + 1, { trouble: 'refused', retryAfterMs: 0 }, draw));
      expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(30 * MINUTE);
    }),
  );
});

test('it is bounded, and no shorter after more failures but for chance', () => {
  const trouble = fc.constantFrom('away', 'limited', 'refused', 'wrong');
  fc.assert(
    fc.property(
      trouble,
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (what, n, draw) => {
        const ms = backOffMs(n, { trouble: what, retryAfterMs: 0 }, draw);
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThanOrEqual(12 * 3_600_000 * 1.2);
        expect(backOffMs(n + 1, { trouble: what, retryAfterMs: 0 }, draw)).toBeGreaterThanOrEqual(ms);
      },
    ),
  );
});
