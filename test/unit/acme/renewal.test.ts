import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renewalMs } from '../../../src/acme/renewal.ts';

const DAY = 86_400_000;
const lived = (days: number, fingerprint = '80000000') => ({ notBeforeMs: 0, notAfterMs: days * DAY, fingerprint });

test('half-way through its chance, a certificate is renewed at two thirds', () => {
  expect(renewalMs(lived(90), undefined)).toBeCloseTo(60 * DAY, -4);
  expect(renewalMs(lived(6), undefined)).toBeCloseTo(4 * DAY, -4);
});

test.each([
  ['within its window', { startMs: 50 * DAY, endMs: 52 * DAY }, 51 * DAY],
  ['long ago, so at once', { startMs: -2 * DAY, endMs: -1 * DAY }, -1.5 * DAY],
  ['too late, so before the last tenth', { startMs: 100 * DAY, endMs: 200 * DAY }, 81 * DAY],
])('an authority has it renewed %s', (_, window, ms) => {
  expect(renewalMs(lived(90), window)).toBeCloseTo(ms, -4);
});

test('every certificate has its own moment, the same each time, and never in the last quarter of its life', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9a-f]{64}$/),
      fc.integer({ min: 60_000, max: 400 * DAY }),
      fc.integer({ min: 0, max: 10 ** 12 }),
      (fingerprint, lifetimeMs, notBeforeMs) => {
        const one = { fingerprint, notBeforeMs, notAfterMs: notBeforeMs + lifetimeMs };
        const at = (renewalMs(one, undefined) - notBeforeMs) / lifetimeMs;
        expect(at).toBeGreaterThanOrEqual(2 / 3 - 1 / 40 - 1e-3);
        expect(at).toBeLessThanOrEqual(2 / 3 + 1 / 40 + 1e-3);
        expect(renewalMs(one, undefined)).toBe(renewalMs({ ...one }, undefined));
      },
    ),
  );
});
