import { expect, test } from 'vitest';
import { FieldTable, lengthIn, parseFields, valueIs } from '../../../../src/edge/message/fields.ts';

function parse(text: string) {
  const bytes = Buffer.from(text, 'latin1');
  const table = new FieldTable();
  return { bytes, table, end: parseFields(bytes, 0, bytes.length, table) };
}

test('white space around a value is not part of it, within it it is', () => {
  const { bytes, table, end } = parse('A: \t b  c\t \r\nB:\r\nC:d\r\n\r\nrest');
  expect(end).toBe(bytes.length - 4);
  const text = (from: number) => bytes.toString('latin1', table.at[from], table.at[from + 1]);
  expect([table.count, text(0), text(2), text(4), text(6), text(8), text(10)]).toEqual([
    3,
    'A',
    'b  c',
    'B',
    '',
    'C',
    'd',
  ]);
});

test('a value is compared whatever its case, and whole', () => {
  const { bytes, table } = parse('A: CHUNKED\r\nB: chunke\r\nC: chunkedd\r\nD: CHUN\xcbED\r\n\r\n');
  expect([0, 1, 2, 3].map((i) => valueIs(bytes, table, i, 'chunked'))).toEqual([true, false, false, false]);
});

test('a length is digits only', () => {
  const { bytes, table } = parse(
    'A: 0\r\nB: 007\r\nC: 999999999999999\r\nD: 1234567890123456\r\nE: 1_0\r\nF: \r\nG: 1e3\r\nH: 00000000000000000012\r\nI: 000\r\n\r\n',
  );
  expect(Array.from({ length: 9 }, (_, i) => lengthIn(bytes, table, i))).toEqual([
    0, 7, 999_999_999_999_999, -1, -1, -1, -1, 12, 0,
  ]);
});
