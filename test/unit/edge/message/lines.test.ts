import { expect, test } from 'vitest';
import { dateLine, linesOf } from '../../../../src/edge/message/lines.ts';

test('names and values become lines', () => {
  expect(linesOf([])).toBe('');
  expect(linesOf(['A', '1', 'B', 'two words'])).toBe('A: 1\r\nB: two words\r\n');
});

test('the date is that of this second', () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const [, date = ''] = /^Date: (.*)\r\n$/.exec(dateLine()) ?? [];
  expect(Date.parse(date)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(date)).toBeLessThanOrEqual(Date.now());
  expect(new Date(Date.parse(date)).toUTCString()).toBe(date);
});
