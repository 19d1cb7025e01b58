import { expect, onTestFinished, test } from 'vitest';
import { Bugs, invariant, tolerateBugs } from '../../../src/table/invariant.ts';

test('an invariant that holds returns true, and counts nothing', () => {
  expect(invariant(true, 'a place')).toBe(true);
});

test('in a test, what cannot be fails it', () => {
  expect(() => invariant(false, 'a place')).toThrow('this cannot be: a place');
});

test('in production it is counted by place, with the first stack, and the code goes on', () => {
  const bugs = new Bugs();
  onTestFinished(tolerateBugs(bugs.note));
  expect(invariant(false, 'a place')).toBe(false);
  invariant(false, 'a place');
  invariant(false, 'another');
  invariant(true, 'a third');
  const taken = bugs.take();
  expect(taken).toMatchObject([
    { where: 'a place', count: 2 },
    { where: 'another', count: 1 },
  ]);
  expect(taken[0]?.error).toMatch(/this cannot be: a place\n +at .*invariant\.test\.ts/s);
  expect(bugs.take()).toEqual([]);
});

test('bugs are told apart by at most 256 places', () => {
  const bugs = new Bugs();
  for (let i = 0; i < 1000; i += 1) bugs.note(`place ${i}`, new Error('x'));
  expect(bugs.take()).toHaveLength(256);
});
