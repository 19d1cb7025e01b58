import { expect, test } from 'vitest';
import { share } from '../../../src/config/share.ts';

test.each([
  [0, 0],
  [1, 1],
  [0.2, 0.2],
  ['20%', 0.2],
  ['7%', 0.07],
  ['100%', 1],
  ['0.5%', 0.005],
])('%j is the share %d', (value, expected) => {
  expect(share.read(value)).toEqual({ ok: true, value: expected });
});

test.each([-0.1, 1.1, '101%', '-1%', '0.2', '%', true, [0.2], Number.NaN])('%j is no share', (value) => {
  expect(share.read(value).ok).toBe(false);
});

test('a whole number was probably meant as a percentage', () => {
  const read = share.read(20);
  expect(read.ok ? '' : read.faults[0]?.message).toBe(
    'must be a share from 0 to 1, such as 0.2 or 20%; it is the number 20; did you mean 20%?',
  );
});
