import { expect, test } from 'vitest';
import { levelOf, loadLevel } from '../../../src/config/load-level.ts';

test.each([
  ['85%', 0.85],
  [1, 1],
  ['300%', 3],
  ['off', 'off'],
  [false, 'off'],
])('%s', (given, expected) => {
  expect(loadLevel.read(given)).toEqual({ ok: true, value: expected });
});

test.each([
  [0, 'must be a part of the capacity from 1% to 300%'],
  [85, 'did you mean 85%?'],
  ['301%', 'must be a part'],
  ['full', 'it is "full"'],
])('%s is none', (given, message) => {
  const read = loadLevel.read(given);
  expect(read.ok ? '' : read.faults[0]?.message).toContain(message);
});

test('as it stands in a file', () => {
  expect([levelOf('85%'), levelOf(2), levelOf('off'), levelOf(undefined)]).toEqual([0.85, 2, undefined, undefined]);
});
