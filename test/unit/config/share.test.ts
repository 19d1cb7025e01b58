import { expect, test } from 'vitest';
import { loadShare, share, shareText } from '../../../src/config/share.ts';

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

test('a load may be more than a whole, and less than nothing is none', () => {
  const message = (value: unknown): string => {
    const read = loadShare.read(value);
    return read.ok ? String(read.value) : (read.faults[0]?.message ?? '');
  };
  expect(['90%', 3, 0.1, '300%'].map(message)).toEqual(['0.9', '3', '0.1', '3']);
  expect(message(0.05)).toBe('must be a share from 0.1 to 3, such as 0.9 or 90%; it is the number 0.05');
  expect(message(90)).toMatch(/; it is the number 90; did you mean 90%\?$/);
  expect(message('301%')).not.toMatch('did you mean');
});

test.each([
  [0.125, 1, '12.5 %'],
  [1, 1, '100 %'],
  [0.07, 1, '7 %'],
  [0.0001, 1, '0 %'],
  [0.9999, 6, '99.99 %'],
])('%d with %d digits is read as %s', (value, digits, text) => {
  expect(shareText(value, digits)).toBe(text);
});
