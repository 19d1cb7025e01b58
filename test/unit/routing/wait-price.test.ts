import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meanWaitMs } from '../../../src/routing/queueing.ts';
import { BUSY_MAX, WaitPrice } from '../../../src/routing/wait-price.ts';

const servers = fc.integer({ min: 1, max: 600 });
const busy = fc.double({ min: 0, max: 3, noNaN: true });

test('the price is what one request more costs all that wait', () => {
  for (const count of [1, 9, 90]) {
    const total = (share: number) => share * count * meanWaitMs(count, share * count, 1, 1);
    for (const share of [0.3, 0.6, 0.8, 0.9, 0.95]) {
      const slope = (total(share + 0.001) - total(share - 0.001)) / (0.002 * count);
      const price = WaitPrice.of(count).priceAt(share + 0.01);
      expect(price).toBeGreaterThan(slope * 0.75);
      expect(price).toBeLessThan(slope * 1.35 + 0.01);
    }
  }
});

test('it never falls as the load rises, and goes on rising when there is too much', () => {
  fc.assert(
    fc.property(servers, busy, busy, (count, a, b) => {
      const price = WaitPrice.of(count);
      expect(price.priceAt(Math.max(a, b))).toBeGreaterThanOrEqual(price.priceAt(Math.min(a, b)));
    }),
  );
  const price = WaitPrice.of(9);
  expect(price.priceAt(2)).toBeGreaterThan(price.priceAt(1.5));
});

test('many servers wait less at the same share', () => {
  expect(WaitPrice.of(90).priceAt(0.9)).toBeLessThan(WaitPrice.of(9).priceAt(0.9) / 3);
});

describe('the other way round', () => {
  test('a price is reached where it was', () => {
    fc.assert(
      fc.property(servers, fc.double({ min: 0.01, max: 3, noNaN: true }), (count, share) => {
        const price = WaitPrice.of(count);
        const value = price.priceAt(share);
        if (value > 1e-9) expect(price.priceAt(price.busyAtPrice(value))).toBeCloseTo(value, 6);
      }),
    );
    expect(WaitPrice.of(9).busyAtPrice(-1)).toBe(0);
  });

  test('a wait says how busy the servers are', () => {
    for (const share of [0.5, 0.8, 0.95]) {
      expect(WaitPrice.of(9).busyAtWait(meanWaitMs(9, 9 * share, 1, 1))).toBeCloseTo(share, 2);
    }
    expect(WaitPrice.of(9).busyAtWait(50)).toBeGreaterThan(BUSY_MAX);
  });
});
