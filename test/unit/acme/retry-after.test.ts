import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RETRY_AFTER_MS_MAX, retryAfterMs } from '../../../src/acme/retry-after.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');

test.each([
  [undefined, 0],
  ['3', 3000],
  [' 10 ', 10_000],
  ['Sat, 28 Nov 2026 12:01:00 GMT', 60_000],
  ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
  ['9999999999', RETRY_AFTER_MS_MAX],
  ['-5', 0],
  ['soon', 0],
  ['', 0],
])('%s is %i ms', (field, ms) => expect(retryAfterMs(field, NOW)).toBe(ms));

test('whatever it says, nobody waits for ever, or less than not at all', () => {
  fc.assert(
    fc.property(fc.string(), (field) => {
      const ms = retryAfterMs(field, NOW);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(RETRY_AFTER_MS_MAX);
    }),
  );
});
