import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, durationText, parseDuration } from '../../../src/config/duration.ts';

test.each([
  ['0s', 0],
  ['0ms', 0],
  ['250ms', 250],
  ['10s', 10_000],
  ['1m', 60_000],
  ['1h', 3_600_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['0.1s', 100],
  ['1h1m1s1ms', 3_661_001],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  '',
  '10',
  '10 s',
  ' 10s',
  '10S',
  '-1s',
  '1d',
  's',
  '1e3s',
  '.5s',
  '1.s',
  '0.5ms',
  '1,5s',
  '10s ',
  '9'.repeat(40),
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test('every number of milliseconds can be written and read back', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e10 }), (ms) => parseDuration(durationText(ms)) === ms));
});

const kind = duration({ min: '100ms', max: '1h' });
const message = (value: unknown) => {
  const read = kind.read(value);
  return read.ok ? read.value : read.faults[0]?.message;
};

test('bounds are included', () => {
  expect(message('100ms')).toBe(100);
  expect(message('60m')).toBe(3_600_000);
  expect(message('99ms')).toBe('must be from 100ms to 1h; it is 99ms');
  expect(message('2h')).toBe('must be from 100ms to 1h; it is 2h');
});

test('the problem of a number without a unit says which one it could have', () => {
  expect(message(10)).toBe(
    'must be a duration such as 250ms, 10s, 1m or 1h; it is the number 10; say in which unit, as in 10s',
  );
  expect(message('soon')).toBe('must be a duration such as 250ms, 10s, 1m or 1h (100ms to 1h); it is "soon"');
});
