import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Deadline, Deadlines, TICK_MS } from '../../../src/table/deadlines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const clock = { nowMs: () => Date.now() - START };
const START = new Date('2026-01-01').getTime();

test('what is armed happens once, not early, and at most a tick late', () => {
  vi.setSystemTime(START + 12_345);
  const wheel = new Deadlines(clock);
  const happened: number[] = [];
  const begunMs = clock.nowMs();
  wheel.arm(new Deadline(() => happened.push(clock.nowMs() - begunMs)), 250);
  vi.advanceTimersByTime(249);
  expect(happened).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(happened).toHaveLength(1);
  expect(happened[0]).toBeGreaterThanOrEqual(250);
  expect(happened[0]).toBeLessThanOrEqual(250 + TICK_MS);
});

test('any number of them, armed, moved and called off, far and near', () => {
  vi.setSystemTime(START);
  const order = fc.record({
    ms: fc.integer({ min: 0, max: 40_000 }),
    move: fc.option(fc.integer({ min: 0, max: 40_000 })),
    off: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
      const wheel = new Deadlines(clock);
      const begunMs = clock.nowMs();
      const seen = orders.map(() => [] as number[]);
      orders.forEach(({ ms, move, off }, i) => {
        const deadline = new Deadline(() => seen[i]?.push(clock.nowMs() - begunMs));
        wheel.arm(deadline, ms);
        if (move !== null) wheel.arm(deadline, move);
        if (off) wheel.disarm(deadline);
      });
      vi.advanceTimersByTime(50_000);
      orders.forEach(({ ms, move, off }, i) => {
        const dueMs = move ?? ms;
        expect(seen[i]).toHaveLength(off ? 0 : 1);
        for (const atMs of seen[i] ?? []) {
          expect(atMs).toBeGreaterThanOrEqual(dueMs);
          expect(atMs).toBeLessThanOrEqual(dueMs + 2 * TICK_MS);
        }
      });
      wheel.close();
    }),
    { numRuns: 30 },
  );
});

test('it sleeps while nothing is armed, and until what is', () => {
  vi.setSystemTime(START);
  const wheel = new Deadlines(clock);
  expect(vi.getTimerCount()).toBe(0);
  const deadline = new Deadline(() => {});
  wheel.arm(deadline, 5000);
  expect(vi.getTimerCount()).toBe(1);
  const woken = vi.spyOn(Deadlines, 'woken');
  vi.advanceTimersByTime(4900);
  expect(woken).not.toHaveBeenCalled();
  wheel.disarm(deadline);
  vi.advanceTimersByTime(20_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('one that is armed again while it happens goes on', () => {
  vi.setSystemTime(START);
  const wheel = new Deadlines(clock);
  let times = 0;
  const again: Deadline = new Deadline(() => {
    times += 1;
    if (times < 5) wheel.arm(again, 100);
  });
  wheel.arm(again, 100);
  vi.advanceTimersByTime(1000);
  expect(times).toBe(5);
});

test('after a pause of the process everything that was due has happened', () => {
  vi.setSystemTime(START);
  const wheel = new Deadlines(clock);
  const happened: number[] = [];
  for (const ms of [10, 500, 9000, 30_000]) wheel.arm(new Deadline(() => happened.push(ms)), ms);
  vi.setSystemTime(START + 60_000);
  vi.advanceTimersByTime(20);
  expect(happened.sort((a, b) => a - b)).toEqual([10, 500, 9000, 30_000]);
});

test('an error in one is reported, and takes nothing from the others', () => {
  vi.setSystemTime(START);
  const told: unknown[] = [];
  const wheel = new Deadlines(clock, (error) => told.push(error));
  const happened: number[] = [];
  const broken = new Deadline(() => {
    throw new Error('odd');
  });
  for (const deadline of [new Deadline(() => happened.push(1)), broken, new Deadline(() => happened.push(2))]) {
    wheel.arm(deadline, 50);
  }
  vi.advanceTimersByTime(100);
  expect(happened).toEqual([1, 2]);
  expect(told).toHaveLength(1);
});
