import { expect, test } from 'vitest';
import { COPY_OVERHEAD_BYTES, copyBytes, FENCED_TO, serves, variantOf } from '../../../src/degraded/copy.ts';
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

test('a client behind a fence is served copies from its places only; one that says nothing of a fence may be from anywhere', () => {
  const [anywhere, inside] = [copyWith(), copyWith({ vary: { [FENCED_TO]: 'gcp/europe-west1/BE' } })];
  const free = headersOf({});
  const fenced = headersOf({ [FENCED_TO]: 'gcp/europe-west1/BE' });
  const elsewhere = headersOf({ [FENCED_TO]: 'aws/us-east-1/US' });
  expect([free, fenced, elsewhere].map((header) => serves(anywhere, header))).toEqual([true, false, false]);
  expect([free, fenced, elsewhere].map((header) => serves(inside, header))).toEqual([false, true, false]);
});

test('the order in which Vary names headers makes no other variant', () => {
  const one = copyWith({ vary: { a: '1', b: '2' } });
  expect(variantOf(one)).toBe(variantOf(copyWith({ vary: { b: '2', a: '1' } })));
  expect(variantOf(one)).not.toBe(variantOf(copyWith({ vary: { a: '1', b: '3' } })));
});
