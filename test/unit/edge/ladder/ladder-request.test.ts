import { expect, test } from 'vitest';
import {
  fallbackHeaders,
  isShareable,
  publicAsked,
  troubleHeaders,
} from '../../../../src/edge/ladder/ladder-request.ts';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import { begun, pathOf } from '../../../support/path.ts';
import { headOf } from '../../../support/request.ts';

const FORWARDED = ['X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'shop.example'];
const exchangeWith = (headers: readonly string[], trustedPeer = false): Exchange => ({
  ...begun(pathOf(), { headers }).exchange,
  trustedPeer,
});

test('only a trusted proxy may say what it was asked for', () => {
  const { host, target } = headOf();
  expect(publicAsked(exchangeWith(FORWARDED))).toMatchObject({ protocol: 'http', host, target });
  expect(publicAsked(exchangeWith(FORWARDED, true))).toEqual({ protocol: 'https', host: 'shop.example', target });
  const odd = ['X-Forwarded-Proto', 'gopher'];
  expect(publicAsked(exchangeWith(odd, true))).toMatchObject({ protocol: 'http', host });
});

test.each([
  [{ method: 'GET' }, true],
  [{ method: 'HEAD' }, false],
  [{ method: 'GET', hasBody: true }, false],
  [{ headers: ['Authorization', 'x'] }, false],
  [{ headers: ['Cookie', 'x'] }, false],
  [{ headers: ['Range', 'bytes=0-1'] }, false],
  [{ headers: ['If-None-Match', '"x"'] }, false],
  [{ headers: ['Cache-Control', 'no-cache'] }, false],
  [{ headers: ['Accept', 'text/plain'] }, true],
])('a request with %o may share an answer: %s', (head, expected) => {
  expect(isShareable(headOf(head))).toBe(expected);
});

test('a fallback gets no credentials, validators or Host', () => {
  const own = ['Host', 'a', 'Authorization', 'b', 'Cookie', 'c', 'If-Match', 'd', 'Range', 'e', 'Accept', 'f'];
  const headers = fallbackHeaders(exchangeWith(own));
  const names = headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  expect(names).toEqual(['accept', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'via', 'x-request-id']);
});

test('what was wrong with the endpoints is said by status or by fault', () => {
  expect(troubleHeaders('edge', 503, '')).toEqual(['Proxy-Status', 'edge; received-status=503']);
  const fault = { kind: 'reset', sent: 'some', cause: 'x' } as const;
  expect(troubleHeaders('edge', fault, '; next-hop="a"')).toEqual([
    'Proxy-Status',
    'edge; error=connection_terminated; next-hop="a"',
  ]);
});
