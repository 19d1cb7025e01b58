import { expect, test } from 'vitest';
import { FOLLOWERS_MAX, Misses, UNSHARED_MAX } from '../../../src/degraded/misses.ts';

test('the first leads, the others hear how it came out, once', () => {
  const misses = new Misses();
  const heard: string[] = [];
  expect([misses.lead('a'), misses.lead('a'), misses.lead('b')]).toEqual([true, false, true]);
  misses.follow('a', (outcome) => heard.push(`1 ${outcome}`));
  misses.follow('a', (outcome) => heard.push(`2 ${outcome}`));
  expect([misses.awaited('a'), misses.awaited('b')]).toEqual([true, false]);
  misses.settle('a', 'stored');
  misses.settle('a', 'released');
  expect(heard).toEqual(['1 stored', '2 stored']);
  expect(misses.lead('a')).toBe(true);
});

test('one that has given up hears nothing, and makes room', () => {
  const misses = new Misses();
  const heard: string[] = [];
  misses.lead('a');
  const giveUp = misses.follow('a', (outcome) => heard.push(outcome));
  giveUp?.();
  giveUp?.();
  misses.settle('a', 'released');
  expect(heard).toEqual([]);
  expect(misses.follow('a', () => {})).toBeUndefined();
});

test('a leader whose client has left is told when the last that waits gives up, and not after it has settled', () => {
  const misses = new Misses();
  const heard: string[] = [];
  const one = misses.lead('a') ? misses.follow('a', () => {}) : undefined;
  const two = misses.follow('a', () => {});
  misses.leaveToFollowers('a', () => heard.push('alone'));
  one?.();
  expect(heard).toEqual([]);
  two?.();
  expect(heard).toEqual(['alone']);
  const three = misses.follow('a', () => {});
  misses.settle('a', 'released');
  misses.lead('a');
  three?.();
  expect(heard).toEqual(['alone']);
});

test('a URL whose answers are not for sharing is not waited for, until one is', () => {
  const misses = new Misses();
  misses.sharing('a', false);
  expect(misses.lead('a')).toBe(false);
  expect(misses.follow('a', () => {})).toBeUndefined();
  misses.sharing('a', true);
  expect(misses.lead('a')).toBe(true);
});

test('it remembers and keeps waiting only so many', () => {
  const misses = new Misses();
  for (let i = 0; i <= UNSHARED_MAX; i += 1) misses.sharing(`${i}`, false);
  expect([misses.lead('0'), misses.lead('1')]).toEqual([true, false]);
  misses.lead('x');
  for (let i = 0; i < FOLLOWERS_MAX; i += 1) misses.follow('x', () => {});
  expect(misses.follow('x', () => {})).toBeUndefined();
  misses.settle('x', 'released');
  misses.lead('x');
  expect(misses.follow('x', () => {})).toBeDefined();
});
