import { expect, test } from 'vitest';
import { textTable } from '../../../src/main/text-table.ts';

const ROWS = [
  ['NAME', 'COUNT', 'NOTE'],
  ['a', { text: '10', style: 'bad' as const }, ''],
  ['longer', '7', 'x'],
];

test('text is on the left, figures on the right, nothing behind the last word', () => {
  expect(textTable(ROWS, [1])).toBe('NAME    COUNT  NOTE\na          10\nlonger      7  x\n');
});

test('colours only where there are some', () => {
  expect(textTable(ROWS, [1], true)).toContain('\u001B[31m   10  \u001B[0m');
  expect(textTable(ROWS, [1])).not.toContain('\u001B');
});

test('what comes from outside does not steer the terminal', () => {
  expect(textTable([['a\u001B[2Jb']])).toBe('a?[2Jb\n');
});
