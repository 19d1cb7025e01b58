import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AGE_SPREAD, connectionAgeMs } from '../../../../src/edge/upstream/connection-age.ts';

test('never older than was said, and never much younger', () => {
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 86_400_000 }), draw, (ageMs, drawn) => {
      const age = connectionAgeMs(ageMs, drawn);
      expect(age).toBeLessThanOrEqual(ageMs);
      expect(age).toBeGreaterThanOrEqual(ageMs * (1 - AGE_SPREAD));
    }),
  );
});
