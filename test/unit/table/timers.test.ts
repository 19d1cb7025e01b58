import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTimer, stopTimer } from '../../../src/table/timers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a timer fires once, after its time, with its argument', () => {
  const fired: string[] = [];
  startTimer(100, (argument: string) => fired.push(argument), 'now');
  vi.advanceTimersByTime(99);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(fired).toEqual(['now']);
});

test('a timer that was stopped does not fire, and none need not be stopped', () => {
  const fired: number[] = [];
  const timer = startTimer(100, (argument: number) => fired.push(argument), 1);
  stopTimer(timer);
  stopTimer(undefined);
  vi.advanceTimersByTime(1000);
  expect(fired).toEqual([]);
});
