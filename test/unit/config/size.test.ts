import { expect, test } from 'vitest';
import { parseSize, size } from '../../../src/config/size.ts';

test.each([
  ['0B', 0],
  ['512B', 512],
  ['64KiB', 65_536],
  ['1MiB', 1_048_576],
  ['2GiB', 2_147_483_648],
])('%s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', '64', '64 KiB', '64kib', '1.5MiB', '-1B', '9999999999999GiB'])('%j is no size', (text) => {
  expect(parseSize(text)).toBeUndefined();
});

const message = (value: unknown) => {
  const read = size('1MiB').read(value);
  return read.ok ? read.value : read.faults[0]?.message;
};

test('the greatest size is included, and 0 needs no unit', () => {
  expect(message('1MiB')).toBe(1_048_576);
  expect(message(0)).toBe(0);
  expect(message('1025KiB')).toBe('must be at most 1MiB; it is 1025KiB');
});

test.each([
  ['64KB', 'did you mean "64KiB"?'],
  ['64k', 'did you mean "64KiB"?'],
  ['1m', 'did you mean "1MiB"?'],
  [1000, 'say in which unit, as in 1000B'],
])('%j gets a hint', (value, hint) => {
  expect(message(value)).toContain(hint);
});
