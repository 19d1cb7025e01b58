import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CountRing } from '../../../src/observe/slo-ring.ts';

const MINUTE = 60_000;

test('a window that ends inside a bucket takes the same part of the one it begins in', () => {
  const ring = new CountRing(MINUTE, 5 * MINUTE);
  ring.add(0, { good: 100, bad: 10 });
  ring.add(MINUTE, { good: 1, bad: 0 });
  expect(ring.sum(1.25 * MINUTE, MINUTE)).toEqual({ good: 1 + 75, bad: 7.5 });
  expect(ring.sum(1.25 * MINUTE, 5 * MINUTE)).toEqual({ good: 101, bad: 10 });
});

test('time in which nothing happened is empty, also a time longer than the ring', () => {
  const ring = new CountRing(MINUTE, 5 * MINUTE);
  ring.add(0, { good: 5, bad: 5 });
  expect(ring.sum(3 * MINUTE, 5 * MINUTE)).toEqual({ good: 5, bad: 5 });
  expect(ring.sum(7 * MINUTE, 5 * MINUTE)).toEqual({ good: 0, bad: 0 });
  ring.add(1000 * MINUTE, { good: 1, bad: 0 });
  expect(ring.sum(1000 * MINUTE, 5 * MINUTE)).toEqual({ good: 1, bad: 0 });
});

test('it counts what a plain list would, at any times and for any window', () => {
  const entry = fc.record({ step: fc.nat(3 * MINUTE), good: fc.nat(1000), bad: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), (entries, minutes) => {
      const ring = new CountRing(MINUTE, 10 * MINUTE);
      const list: { at: number; good: number; bad: number }[] = [];
      let now = 0;
      for (const { step, good, bad } of entries) {
        now += step;
        ring.add(now, { good, bad });
        list.push({ at: Math.floor(now / MINUTE), good, bad });
      }
      // A moment at which the window is made of whole buckets: the end of the current one.
      const current = Math.floor(now / MINUTE);
      const inside = list.filter(({ at }) => at > current - minutes);
      const sum = ring.sum((current + 1) * MINUTE - 1e-6, minutes * MINUTE);
      expect(sum.good).toBeCloseTo(
        inside.reduce((all, one) => all + one.good, 0),
        3,
      );
      expect(sum.bad).toBeCloseTo(
        inside.reduce((all, one) => all + one.bad, 0),
        3,
      );
    }),
  );
});

test('what is saved and restored after a while is as old as it was, and the while on top', () => {
  const ring = new CountRing(MINUTE, 10 * MINUTE);
  ring.add(100 * MINUTE, { good: 7, bad: 1 });
  ring.add(102 * MINUTE, { good: 3, bad: 2 });
  const saved = ring.save(102 * MINUTE);
  expect(saved).toEqual([
    [0, 3, 2],
    [2, 7, 1],
  ]);
  // A new process whose clock begins at 0; the old one ended four minutes ago, and it has counted already.
  const next = new CountRing(MINUTE, 10 * MINUTE);
  next.add(0, { good: 100, bad: 0 });
  next.restore(saved, -4 * MINUTE);
  expect(next.sum(0.999999 * MINUTE, MINUTE).good).toBeCloseTo(100, 2);
  expect(next.sum(0.999999 * MINUTE, 5 * MINUTE).good).toBeCloseTo(103, 2);
  expect(next.sum(0.999999 * MINUTE, 10 * MINUTE).good).toBeCloseTo(110, 2);
  expect(next.sum(0.999999 * MINUTE, 10 * MINUTE).bad).toBeCloseTo(3, 2);
});

test('what is older than it reaches back is forgotten, not put somewhere else', () => {
  const ring = new CountRing(MINUTE, 3 * MINUTE);
  ring.add(0, { good: 1, bad: 0 });
  ring.restore([[0, 50, 50]], -60 * MINUTE);
  expect(ring.sum(0, 3 * MINUTE)).toEqual({ good: 1, bad: 0 });
});

test('restarts age nothing: it counts what one ring would that never ended', () => {
  const entry = fc.record({ step: fc.nat(2 * MINUTE), good: fc.nat(1000), restart: fc.boolean() });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 60 }), fc.nat(MINUTE), (entries, phase) => {
      const whole = new CountRing(MINUTE, 30 * MINUTE);
      let ring = new CountRing(MINUTE, 30 * MINUTE);
      let now = phase;
      let startedAt = 0;
      for (const { step, good, restart } of entries) {
        now += step;
        whole.add(now, { good, bad: 1 });
        ring.add(now - startedAt, { good, bad: 1 });
        if (!restart) continue;
        const saved = JSON.parse(JSON.stringify(ring.save(now - startedAt))) as ReturnType<CountRing['save']>;
        ring = new CountRing(MINUTE, 30 * MINUTE);
        // The next process is up 7 s after this one wrote the file, and its clock begins at 0.
        ring.restore(saved, -7000);
        now += 7000;
        startedAt = now;
      }
      for (const minutes of [1, 5, 29]) {
        // Nothing was counted since: the same part of the same bucket lies in the window.
        expect(ring.sum(now - startedAt, minutes * MINUTE).good).toBeCloseTo(whole.sum(now, minutes * MINUTE).good, 3);
      }
    }),
  );
});

test('what it has counted before it takes in what was saved is not lost, nor older', () => {
  const ring = new CountRing(MINUTE, 10 * MINUTE);
  ring.add(200, { good: 5, bad: 0 });
  ring.restore([[0.9, 7, 0]], -1000);
  expect(ring.sum(200, 2 * MINUTE)).toEqual({ good: 12, bad: 0 });
  expect(ring.sum(5 * MINUTE, 10 * MINUTE)).toEqual({ good: 12, bad: 0 });
});
