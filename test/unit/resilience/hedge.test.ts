import { describe, expect, test } from 'vitest';
import { Quantile } from '../../../src/resilience/hedge.ts';

describe('what is usual', () => {
  test('is not known before there were enough answers', () => {
    const quantile = new Quantile(0.95);
    for (let i = 0; i < 63; i += 1) quantile.saw(10);
    expect(quantile.ms).toBe(Number.POSITIVE_INFINITY);
    quantile.saw(10);
    expect(quantile.ms).toBeGreaterThanOrEqual(10);
    expect(quantile.ms).toBeLessThanOrEqual(12.01);
  });

  test.each([0.5, 0.9, 0.95, 0.99])('the quantile %f of many answers, a fifth too much at most', (share) => {
    const quantile = new Quantile(share);
    // A linear congruential generator: every thousandth of 1 to 1,000 ms equally often.
    for (let i = 0, at = 7; i < 20_000; i += 1) {
      at = (at * 421 + 1) % 1000;
      quantile.saw(at + 1);
    }
    expect(quantile.ms).toBeGreaterThan(share * 1000 * 0.95);
    expect(quantile.ms).toBeLessThan(share * 1000 * 1.26);
  });

  test('follows when everything becomes slower, and faster again', () => {
    const quantile = new Quantile(0.95);
    for (let i = 0; i < 2000; i += 1) quantile.saw(10);
    for (let i = 0; i < 200; i += 1) quantile.saw(500);
    expect(quantile.ms).toBeGreaterThan(500);
    for (let i = 0; i < 5000; i += 1) quantile.saw(10);
    expect(quantile.ms).toBeLessThan(13);
  });

  test('nothing is too short or too long', () => {
    const quantile = new Quantile(0.5);
    for (const ms of [0, -1, Number.NaN, 0.1, 1e9]) for (let i = 0; i < 16; i += 1) quantile.saw(ms);
    expect(quantile.ms).toBeLessThan(1);
  });
});
