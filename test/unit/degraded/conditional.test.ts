import { expect, test } from 'vitest';
import { isNotModified, notModifiedHeaders } from '../../../src/degraded/conditional.ts';
import { copyWith, headersOf } from './copies.ts';

const DAY = 'Tue, 03 Mar 2026 10:00:00 GMT';
const DAY_AFTER = 'Wed, 04 Mar 2026 10:00:00 GMT';
const copy = copyWith({ headers: ['ETag', 'W/"v1"', 'Last-Modified', DAY, 'Content-Type', 'a/b', 'Vary', 'X'] });

test.each([
  [{ 'if-none-match': '"v1"' }, true],
  [{ 'if-none-match': '"v0", W/"v1"' }, true],
  [{ 'if-none-match': '*' }, true],
  [{ 'if-none-match': '"v2"' }, false],
  [{ 'if-none-match': '"v2"', 'if-modified-since': DAY_AFTER }, false],
  [{ 'if-modified-since': DAY }, true],
  [{ 'if-modified-since': DAY_AFTER }, true],
  [{ 'if-modified-since': 'Mon, 02 Mar 2026 10:00:00 GMT' }, false],
  [{ 'if-modified-since': 'yesterday' }, false],
  [{}, false],
])('%o is answered with 304: %s', (headers: Record<string, string>, expected) => {
  expect(isNotModified(copy, headersOf(headers))).toBe(expected);
});

test('nothing without a validator, and nothing but a 200, is confirmed', () => {
  expect(isNotModified(copyWith(), headersOf({ 'if-none-match': '"v1"' }))).toBe(false);
  expect(isNotModified(copyWith(), headersOf({ 'if-modified-since': DAY }))).toBe(false);
  expect(isNotModified({ ...copy, status: 404 }, headersOf({ 'if-none-match': '*' }))).toBe(false);
});

test('a 304 has the headers that describe what the client has', () => {
  expect(notModifiedHeaders(copy)).toEqual(['ETag', 'W/"v1"', 'Last-Modified', DAY, 'Vary', 'X']);
});
