import { expect, test } from 'vitest';
import { headerOf, joinedHeader } from '../../../../src/edge/message/request-head.ts';

const HEADERS = ['Host', 'a', 'Accept', 'x', 'ACCEPT', 'y', 'X-Empty', '', 'Accept-Language', 'de'];

test('the first of a name, in any spelling', () => {
  expect(headerOf(HEADERS, 'accept')).toBe('x');
  expect(headerOf(HEADERS, 'x-empty')).toBe('');
  expect(headerOf(HEADERS, 'accep')).toBeUndefined();
  expect(headerOf([], 'host')).toBeUndefined();
});

test('all of a name as one list, in order', () => {
  expect(joinedHeader(HEADERS, 'accept')).toBe('x, y');
  expect(joinedHeader(HEADERS, 'host')).toBe('a');
  expect(joinedHeader(HEADERS, 'cookie')).toBeUndefined();
});

test('a value that looks like a name is none', () => {
  expect(headerOf(['X', 'host', 'Y', 'z'], 'host')).toBeUndefined();
});
