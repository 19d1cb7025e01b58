import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isUnanswered,
  LOOK_MS,
  lookMs,
  PATIENCE_FACTOR,
  PATIENCE_MIN_MS,
  patienceMs,
} from '../../../src/resilience/patience.ts';

test.each([
  ['off', 20, 15_000, 15_000],
  ['auto', Number.NaN, 15_000, PATIENCE_MIN_MS],
  ['auto', 20, 15_000, PATIENCE_MIN_MS],
  ['auto', 125, 15_000, 1000],
  ['auto', 200, 15_000, 1600],
  ['auto', 201, 15_000, 1700],
  ['auto', 5000, 15_000, 15_000],
  ['auto', 20, 300, 300],
  [2500, 20, 15_000, 2500],
  [2500, 20, 1000, 1000],
] as const)('setting %s, usually %d ms, limit %d ms: %d ms', (setting, usualMs, firstByteMs, expected) => {
  expect(patienceMs(setting, usualMs, firstByteMs)).toBe(expected);
});

test('by itself it is never less than usual allows, never more than the limit, and round', () => {
  const usual = fc.double({ min: 0, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(usual, fc.integer({ min: 1, max: 60_000 }), (usualMs, firstByteMs) => {
      const ms = patienceMs('auto', usualMs, firstByteMs);
      expect(ms).toBeLessThanOrEqual(firstByteMs);
      if (ms === firstByteMs) return;
      expect(ms).toBeGreaterThanOrEqual(Math.max(PATIENCE_MIN_MS, usualMs * PATIENCE_FACTOR));
      expect(ms % 100).toBe(0);
    }),
  );
});

test('a client has waited in vain after twice the patience', () => {
  expect(isUnanswered(2 * PATIENCE_MIN_MS - 1, PATIENCE_MIN_MS)).toBe(false);
  expect(isUnanswered(2 * PATIENCE_MIN_MS, PATIENCE_MIN_MS)).toBe(true);
  // One whose request is still being sent has not begun to wait.
  expect(isUnanswered(Number.NEGATIVE_INFINITY, PATIENCE_MIN_MS)).toBe(false);
});

test('it is looked for silence before patience can be over, unless requests are slow by nature', () => {
  expect([lookMs('auto'), lookMs(3000), lookMs('off')]).toEqual([LOOK_MS, LOOK_MS, Number.POSITIVE_INFINITY]);
  expect(LOOK_MS).toBeLessThan(PATIENCE_MIN_MS);
});
