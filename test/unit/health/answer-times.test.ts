import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerTimes, HALF_LIFE_MIN_MS, HALF_LIFE_MS } from '../../../src/health/answer-times.ts';

/** So many requests a second for so many seconds, which took `ms` each, told of four times a second. */
function seconds(times: AnswerTimes, { from, to }: { from: number; to: number }, aSecond: number, ms: number): void {
  for (let at = from * 4 + 1; at <= to * 4; at += 1) times.add((aSecond / 4) * ms, aSecond / 4, at * 250);
}

test('half of what few requests took is forgotten in two seconds', () => {
  const times = new AnswerTimes();
  seconds(times, { from: 0, to: 30 }, 20, 100);
  expect(times.halfLifeMs).toBe(HALF_LIFE_MS);
  expect(times.meanMs).toBeCloseTo(100, 6);
  seconds(times, { from: 30, to: 32 }, 20, 200);
  expect(times.meanMs).toBeCloseTo(150, 0);
});

test('where there are many, half of it is forgotten sooner', () => {
  const times = new AnswerTimes();
  seconds(times, { from: 0, to: 30 }, 4000, 100);
  expect(times.halfLifeMs).toBe(HALF_LIFE_MIN_MS);
  seconds(times, { from: 30, to: 31 }, 4000, 200);
  expect(times.meanMs).toBeCloseTo(150, 0);
});

test.each([20, 200, 2000])('%d a second are known to be as many', (aSecond) => {
  const times = new AnswerTimes();
  seconds(times, { from: 0, to: 60 }, aSecond, 100);
  expect(times.perMs * 1000).toBeCloseTo(aSecond, 6);
  expect(times.perMsAt(60_000 + times.halfLifeMs)).toBeCloseTo(times.perMs / 2, 9);
});

test('nothing is known of what nobody has asked, and the mean is one of those that were told of', () => {
  expect(new AnswerTimes().meanMs).toBeNaN();
  const request = fc.record({ ms: fc.integer({ min: 1, max: 5000 }), count: fc.integer({ min: 1, max: 5000 }) });
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 100 }), (requests) => {
      const times = new AnswerTimes();
      for (const [at, { ms, count }] of requests.entries()) times.add(ms * count, count, at * 250);
      const all = requests.map(({ ms }) => ms);
      expect(times.meanMs).toBeGreaterThanOrEqual(Math.min(...all) - 1e-6);
      expect(times.meanMs).toBeLessThanOrEqual(Math.max(...all) + 1e-6);
      expect(times.halfLifeMs).toBeGreaterThanOrEqual(HALF_LIFE_MIN_MS);
      expect(times.halfLifeMs).toBeLessThanOrEqual(HALF_LIFE_MS);
    }),
  );
});

test('what was refused is a part of all that came, and is forgotten as the rest is', () => {
  const times = new AnswerTimes();
  times.add(3000, 100, 1000);
  expect(times.refusedShare).toBe(0);
  times.add(0, 0, 1000, 25);
  expect(times.refusedShare).toBeCloseTo(0.2);
  expect(times.meanMs).toBeCloseTo(30);
  for (let at = 2; at < 12; at += 1) times.add(3000, 100, at * 1000);
  expect(times.refusedShare).toBeLessThan(0.01);
});
