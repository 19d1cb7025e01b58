import { expect, test } from 'vitest';
import { COPY_OVERHEAD_BYTES, copyBytes, serves, variantOf } from '../../../src/degraded/copy.ts';
import { copyWith, headersOf } from './copies.ts';

test('a copy is counted with its head, its body and its place', () => {
  const copy = copyWith({ headers: ['A', 'bc'], body: Buffer.from('defg'), vary: { accept: 'x', other: null } });
  expect(copyBytes('http://a/', copy)).toBe(COPY_OVERHEAD_BYTES + 9 + 3 + 4 + 7 + 5);
});

test('a copy serves requests whose headers are those that Vary named', () => {
  const copy = copyWith({ vary: { 'accept-language': 'de', dnt: null } });
  expect(serves(copy, headersOf({ 'accept-language': 'de' }))).toBe(true);
  expect(serves(copy, headersOf({ 'accept-language': 'fr' }))).toBe(false);
  expect(serves(copy, headersOf({ 'accept-language': 'de', dnt: '1' }))).toBe(false);
  expect(serves(copyWith(), headersOf({ anything: 'x' }))).toBe(true);
});

test('the order in which Vary names headers makes no other variant', () => {
  const one = copyWith({ vary: { a: '1', b: '2' } });
  expect(variantOf(one)).toBe(variantOf(copyWith({ vary: { b: '2', a: '1' } })));
  expect(variantOf(one)).not.toBe(variantOf(copyWith({ vary: { a: '1', b: '3' } })));
});
