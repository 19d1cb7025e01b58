import { expect, test } from 'vitest';
import { SLOW_MIN_MS, SLOW_MIN_SHARE, slownessMs } from '../../../src/health/slowness.ts';

const TOOK = { usualMs: 0, requestsMs: 0, doubtMs: 0, checkMs: 0, variesMs: 0 };

test('little is chance, much counts whole, and in between it grows with every ms', () => {
  const of = (requestsMs: number) => slownessMs({ ...TOOK, requestsMs });
  expect(of(0.69 * SLOW_MIN_MS)).toBe(0);
  expect(of(1.5 * SLOW_MIN_MS)).toBe(1.5 * SLOW_MIN_MS);
  expect(of(800)).toBe(800);
  const steps = Array.from({ length: 9 }, (_, at) => of((0.7 + 0.1 * at) * SLOW_MIN_MS));
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  for (const [at, ms] of steps.entries()) expect(ms - (steps[at - 1] ?? 0)).toBeLessThan(0.35 * SLOW_MIN_MS);
});

test('the more is usual the more is chance, and what may be the way counts for nothing', () => {
  expect(slownessMs({ ...TOOK, usualMs: 300, requestsMs: 100 })).toBe(0);
  expect(slownessMs({ ...TOOK, usualMs: 300, requestsMs: 1.5 * SLOW_MIN_SHARE * 300 })).toBe(225);
  expect(slownessMs({ ...TOOK, requestsMs: 40, doubtMs: 34 })).toBe(0);
});

test('a check is slow beyond what checks vary by', () => {
  expect(slownessMs({ ...TOOK, checkMs: 29, variesMs: 10 })).toBe(0);
  expect(slownessMs({ ...TOOK, checkMs: 30, variesMs: 10 })).toBe(30);
});
