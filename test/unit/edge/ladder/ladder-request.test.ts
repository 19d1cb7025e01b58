import { expect, test } from 'vitest';
import { FENCED_TO } from '../../../../src/degraded/copy.ts';
import { fallbackHeaders, ladderRequest, proxyStatusHeaders } from '../../../../src/edge/ladder/ladder-request.ts';
import type { RequestHead } from '../../../../src/edge/message/request-head.ts';
import type { FenceMask } from '../../../../src/routing/fence.ts';
import { begun, pathOf } from '../../../support/path.ts';
import { POLICY } from '../../degraded/copies.ts';

const asked = (head: Partial<RequestHead>, trustedPeer = false) =>
  ladderRequest({ ...begun(pathOf(), head).exchange, trustedPeer }, POLICY);
const SPOOFED = ['X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'shop.example'];

test('copies are kept under what the origin is asked, whoever says what', () => {
  const { url, origin } = asked({ host: 'A.example:80', target: '/x?y', headers: SPOOFED });
  expect([url, origin]).toEqual(['http://a.example/x?y', 'http://a.example']);
  const trusted = asked({ host: 'a.example', target: '/x?y', headers: SPOOFED }, true);
  expect([trusted.url, trusted.origin]).toEqual(['https://a.example/x?y', 'https://a.example']);
  expect(asked({ headers: ['X-Forwarded-Proto', 'gopher'] }, true).url).toMatch(/^http:/);
});

test('what only a trusted proxy says is told apart without Vary', () => {
  expect(asked({ host: 'a.example', headers: SPOOFED }).alsoVary).toEqual({});
  expect(asked({ host: 'a.example', headers: SPOOFED }, true).alsoVary).toEqual({ 'x-forwarded-host': 'shop.example' });
  expect(asked({ host: 'Shop.example', headers: SPOOFED }, true).alsoVary).toEqual({});
  const odd = ['X-Forwarded-Proto', 'gopher', 'X-Forwarded-Port', '8443', 'X-Forwarded-Prefix', '/p'];
  expect(asked({ headers: odd }, true).alsoVary).toEqual({
    'x-forwarded-proto': 'gopher',
    'x-forwarded-port': '8443',
    'x-forwarded-prefix': '/p',
  });
});

test('behind a fence a copy varies by the places that it may come from, and nobody else waits for it', () => {
  const { exchange } = begun(pathOf());
  const fence = { places: 'gcp/europe-west1/BE' } as FenceMask;
  const { alsoVary, header, sharedAs, url } = ladderRequest({ ...exchange, fence }, POLICY);
  expect(alsoVary).toEqual({ [FENCED_TO]: fence.places });
  expect(header(FENCED_TO)).toBe(fence.places);
  expect(sharedAs).not.toBe(url);
  const free = ladderRequest(exchange, POLICY);
  expect([free.header(FENCED_TO), free.sharedAs]).toEqual([undefined, url]);
});

test('Vary goes by what the origin sees: fields that are ours, and none that Connection names', () => {
  const { header } = asked({ peerAddress: '192.0.2.7', headers: ['Connection', 'Accept', 'Accept', 'a/b'] });
  expect([header('x-forwarded-for'), header('accept')]).toEqual(['192.0.2.7', undefined]);
});

test.each([
  [{ method: 'GET' }, [true, true, true]],
  [{ method: 'HEAD' }, [true, false, false]],
  [{ method: 'POST' }, [false, false, false]],
  [{ method: 'GET', hasBody: true }, [false, false, false]],
  [{ headers: ['X-HTTP-Method-Override', 'DELETE'] }, [false, false, false]],
  [{ headers: ['X-Original-URL', '/admin'] }, [false, false, false]],
  [{ headers: ['Authorization', 'x'] }, [true, true, false]],
  [{ headers: ['Cookie', 'x'] }, [true, true, false]],
  [{ headers: ['X-Api-Key', 'x'] }, [true, true, false]],
  [{ headers: ['Connection', 'Authorization', 'Authorization', 'x'] }, [true, true, false]],
  [{ headers: ['Range', 'bytes=0-1'] }, [true, true, false]],
  [{ headers: ['If-None-Match', '"x"'] }, [true, true, false]],
  [{ headers: ['Cache-Control', 'no-cache'] }, [true, true, false]],
  [{ headers: ['Cache-Control', 'no-store'] }, [true, false, false]],
  [{ headers: ['Accept', 'text/plain'] }, [true, true, true]],
])('a request with %o: has steps, may be kept, may share: %o', (head, expected) => {
  const { hasSteps, isKept, isShareable } = asked(head);
  expect([hasSteps, isKept, isShareable]).toEqual(expected);
});

test('a trusted Forwarded with another host makes an answer that is not kept', () => {
  const told = (value: string) => asked({ host: 'a.example', headers: ['Forwarded', value] }, true).isKept;
  expect(['for=1.2.3.4', 'for=1.2.3.4;host=A.example', 'for=_x;host="b.example"'].map(told)).toEqual([
    true,
    true,
    false,
  ]);
});

test('a fallback gets no credentials, validators or Host', () => {
  const own = ['Host', 'a', 'Authorization', 'b', 'Cookie', 'c', 'X-API-Key', 'k', 'If-Match', 'd', 'Accept', 'f'];
  const headers = fallbackHeaders(asked({ headers: [...own, 'Range', 'e'] }).asked, POLICY);
  const names = headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  expect(names).toEqual([
    'accept',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-host',
    'via',
    'traceparent',
    'x-request-id',
  ]);
});

test('what was wrong with the endpoints is said by status or by fault', () => {
  expect(proxyStatusHeaders('edge', 503, '')).toEqual(['Proxy-Status', 'edge; received-status=503']);
  const fault = { kind: 'reset', sent: 'some', cause: 'x' } as const;
  expect(proxyStatusHeaders('edge', fault, '; next-hop="a"')).toEqual([
    'Proxy-Status',
    'edge; error=connection_terminated; next-hop="a"',
  ]);
});
