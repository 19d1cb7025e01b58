import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isBlamedAtDeadline,
  mayStillEnd,
  patienceLimitMs,
  TRY_MIN_MS,
} from '../../../src/resilience/request-deadline.ts';

test.each([
  ['time enough', 100, 50, true],
  ['less than is usual', 40, 50, false],
  ['nobody knows what is usual', 40, Number.NaN, true],
  ['hardly anything is left', TRY_MIN_MS - 1, Number.NaN, false],
  ['nothing is left', -5, Number.NaN, false],
])('another attempt, %s', (_, leftMs, usualMs, may) => expect(mayStillEnd(leftMs, usualMs)).toBe(may));

test.each([
  ['it had all of it', 1000, 1000, 1000, true],
  ['it had half of it', 500, 1000, 1000, true],
  ['it had less', 499, 1000, 1000, false],
  ['its client gave it little', 100, 1000, 10_000, false],
  ['its client gave it little, and it was silent for much longer than is usual', 2000, 1000, 10_000, true],
  ['the service gives no limit', 1999, 1000, Number.POSITIVE_INFINITY, false],
  ['its request had not been sent whole', Number.NEGATIVE_INFINITY, 1000, 1000, false],
])('an endpoint at the deadline, %s', (_, waitedMs, patienceMs, requestMs, blamed) => {
  expect(isBlamedAtDeadline(waitedMs, patienceMs, requestMs)).toBe(blamed);
});

test('of two that shared the time, one after the other, the one that had less is not to blame for it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 60_000 }), fc.double({ min: 0.51, max: 1, noNaN: true }), (all, share) => {
      const patience = all;
      expect(isBlamedAtDeadline(all * (1 - share), patience, all)).toBe(false);
      expect(isBlamedAtDeadline(all * share, patience, all)).toBe(true);
    }),
  );
});

test('patience leaves half of the time to somebody else', () => {
  expect(patienceLimitMs({ firstByteMs: 15_000, requestMs: 1000 })).toBe(500);
  expect(patienceLimitMs({ firstByteMs: 15_000, requestMs: Number.POSITIVE_INFINITY })).toBe(15_000);
});
