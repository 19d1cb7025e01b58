import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paint, printable, span } from '../../../src/demo/line.ts';

const ESC = '\u001B[';

test('a line is cut by what is seen, not by its codes', () => {
  const line = [span('edge', 'bold'), span('  1234')];
  expect(paint(line, 80, true)).toBe(`${ESC}1medge${ESC}0m  1234`);
  expect(paint(line, 80, false)).toBe('edge  1234');
  expect(paint(line, 7, true)).toBe(`${ESC}1medge${ESC}0m  1`);
  expect(paint(line, 4, false)).toBe('edge');
  expect(paint(line, 0, true)).toBe('');
});

test('nothing that comes from outside steers the terminal', () => {
  expect(printable('a\u001B[2Jb\nc\u0007\u009B')).toBe('a?[2Jb?c??');
  const control = /[\u0000-\u001F\u007F-\u009F]/;
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !control.test(paint([span(text)], 80, false))));
});
