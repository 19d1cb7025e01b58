import { expect, test } from 'vitest';
import { Lags } from '../../../src/fleet/lags.ts';
import type { Region } from '../../../src/fleet/region.ts';

const region = (name: string, more: object) =>
  ({ name, isInStep: () => true, isKept: () => true, ...more }) as unknown as Region;

test('a region is behind since it last had all that the source had; before that, for ever', () => {
  const clock = { ms: 1000 };
  const lags = new Lags('a', { nowMs: () => clock.ms });
  expect([lags.ms('a'), lags.ms('b')]).toEqual([0, Number.POSITIVE_INFINITY]);
  lags.measure(region('a', { readAtMs: 900 }), region('b', { contactMs: 950 }));
  expect(lags.ms('b')).toBe(100);
  clock.ms = 5000;
  lags.measure(region('a', { readAtMs: 4900 }), region('b', { contactMs: 4990, isInStep: () => false }));
  expect(lags.ms('b')).toBe(4100);
  lags.measure(region('a', { readAtMs: 4990 }), region('b', { contactMs: 4980 }));
  expect(lags.ms('b')).toBe(20);
});

test('only the keeper knows', () => {
  const lags = new Lags('a', { nowMs: () => 0 });
  lags.measure(region('a', { readAtMs: 0, isKept: () => false }), region('b', { contactMs: 0 }));
  expect(lags.ms('b')).toBe(Number.POSITIVE_INFINITY);
});

test('the others learn it from what the keeper has reported, and go on from there', () => {
  const clock = { ms: 1000 };
  const lags = new Lags('a', { nowMs: () => clock.ms });
  lags.learn({ b: 300 }, 100);
  expect(lags.ms('b')).toBe(400);
  clock.ms = 2000;
  lags.learn({ b: 5000 }, 0);
  expect(lags.ms('b')).toBe(1400);
});
