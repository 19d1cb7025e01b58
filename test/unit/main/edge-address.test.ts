import { expect, test } from 'vitest';
import { DEFAULT_URL, edgeUrl, listenUrl, reachedAt } from '../../../src/main/edge-address.ts';
import { UsageError } from '../../../src/main/usage.ts';

test.each([
  [undefined, {}, DEFAULT_URL],
  [undefined, { MERIDIAN_ADMIN_URL: '', MERIDIAN_ADMIN_LISTEN: '' }, DEFAULT_URL],
  ['https://edge.example.com/x', { MERIDIAN_ADMIN_URL: 'http://other' }, 'https://edge.example.com'],
  [undefined, { MERIDIAN_ADMIN_URL: 'http://10.0.0.1:9', MERIDIAN_ADMIN_LISTEN: ':7' }, 'http://10.0.0.1:9'],
  [undefined, { MERIDIAN_ADMIN_LISTEN: '0.0.0.0:9902' }, 'http://127.0.0.1:9902'],
])('%j and %j lead to %s', (given, env, url) => {
  expect(edgeUrl(given, env)).toBe(url);
});

test.each([
  ['nowhere', {}, /^--admin nowhere is no URL such as /],
  ['ftp://a', {}, /^--admin ftp:\/\/a is no URL/],
  [undefined, { MERIDIAN_ADMIN_URL: 'a b' }, /^MERIDIAN_ADMIN_URL a b is no URL/],
  [undefined, { MERIDIAN_ADMIN_LISTEN: '9901' }, /^MERIDIAN_ADMIN_LISTEN 9901 is no address/],
])('%j and %j are wrong usage', (given, env, message) => {
  expect(() => edgeUrl(given, env)).toThrow(UsageError);
  expect(() => edgeUrl(given, env)).toThrow(message);
});

test.each([
  [':80', 'http://127.0.0.1:80'],
  ['0.0.0.0:80', 'http://127.0.0.1:80'],
  ['[::]:80', 'http://127.0.0.1:80'],
  ['[::1]:80', 'http://[::1]:80'],
  ['edge.internal:80', 'http://edge.internal:80'],
  ['80', undefined],
  ['a/b:80', undefined],
  ['user@host:80', undefined],
])('who listens on %s is reached at %s', (listen, url) => {
  expect(listenUrl(listen)).toBe(url);
});

test('an IPv6 host gets brackets', () => {
  expect(reachedAt('fd00::1', 1)).toBe('http://[fd00::1]:1');
});
