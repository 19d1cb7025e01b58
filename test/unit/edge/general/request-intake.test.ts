import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { intake } from '../../../../src/edge/general/request-intake.ts';

type Given = { url?: string; method?: string; version?: string; headers?: readonly string[]; address?: string };

/** As much of Node's request as the intake looks at. */
function taken({
  url = '/',
  method = 'GET',
  version = '1.1',
  headers = ['Host', 'a.com'],
  address = '203.0.113.9',
}: Given) {
  const request = { url, method, httpVersion: version, rawHeaders: headers, socket: { remoteAddress: address } };
  return intake(request as unknown as IncomingMessage);
}

test('a request is taken as it is', () => {
  const headers = ['HOST', 'A.com:80', 'Accept', 'x', 'accept', 'y'];
  expect(taken({ url: '/a%2Fb/../c?d=%20', method: 'PUT', headers })).toMatchObject({
    method: 'PUT',
    target: '/a%2Fb/../c?d=%20',
    host: 'A.com:80',
    headers,
    version: '1.1',
    protocol: 'http',
    peerAddress: '203.0.113.9',
    hasBody: false,
  });
});

test('the protocol is the connection’s', () => {
  const request = {
    url: '/',
    method: 'GET',
    httpVersion: '1.1',
    rawHeaders: ['Host', 'a'],
    socket: { encrypted: true },
  };
  expect(intake(request as unknown as IncomingMessage)).toMatchObject({ protocol: 'https', peerAddress: '' });
});

describe('a body', () => {
  test.each([
    [[], false],
    [['Content-Length', '0'], false],
    [['Content-Length', '000'], false],
    [['Content-Length', '5'], true],
    [['Content-Length', '05'], true],
    [['Transfer-Encoding', 'chunked'], true],
    [['transfer-encoding', 'Chunked'], true],
  ])('%j: %s', (headers, hasBody) => {
    expect(taken({ method: 'POST', headers: ['Host', 'a.com', ...headers] })).toMatchObject({ hasBody });
  });

  test.each([
    [['Transfer-Encoding', 'gzip, chunked'], 501],
    [['Transfer-Encoding', 'chunked, chunked'], 501],
    [['Transfer-Encoding', 'identity'], 400],
    [['Transfer-Encoding', 'gzip', 'Transfer-Encoding', 'chunked'], 501],
    [['Transfer-Encoding', 'chunked', 'Content-Length', '5'], 400],
    [['Content-Length', '0', 'Transfer-Encoding', 'chunked'], 400],
  ])('%j is refused with %d', (headers, status) => {
    expect(taken({ headers: ['Host', 'a.com', ...headers] })).toMatchObject({ status });
  });

  test('is not chunked in HTTP/1.0', () => {
    const headers = ['Host', 'a.com', 'Transfer-Encoding', 'chunked'];
    expect(taken({ version: '1.0', headers })).toMatchObject({ status: 400 });
  });
});

test.each([
  ['1.0', undefined],
  ['1.1', undefined],
  ['2.0', 505],
  ['0.9', 505],
  ['1.2', 505],
])('HTTP/%s: %s', (version, status) => {
  expect((taken({ version }) as { status?: number }).status).toBe(status);
});

describe('the host', () => {
  test.each([
    'a.com',
    'A-b.c_d.com',
    'a.com:8080',
    'a.com:',
    '10.0.0.1',
    '10.0.0.1:80',
    '[::1]',
    '[2001:db8::1]:443',
    'a.com.',
    '',
  ])('"%s" is one', (host) => {
    expect(taken({ headers: ['Host', host] })).toMatchObject({ host });
  });

  test.each([
    'a.com/evil',
    'a.com@evil.com',
    'a com',
    'a.com:port',
    'a.com:123456',
    'a.com#x',
    'a.com?x',
    'a%2ecom',
    '[::1',
    '::1',
    'a.com, b.com',
    'ä.com',
    'a.com\\evil',
    '"a.com"',
  ])('"%s" is none', (host) => {
    expect(taken({ headers: ['Host', host] })).toMatchObject({ status: 400 });
  });

  test('there is one only, though both say the same', () => {
    expect(taken({ headers: ['Host', 'a.com', 'host', 'a.com'] })).toMatchObject({ status: 400 });
  });

  test('HTTP/1.0 may come without', () => {
    expect(taken({ version: '1.0', headers: [] })).toMatchObject({ host: '', version: '1.0' });
  });
});

describe('the target', () => {
  test.each([
    ['http://b.com/x?y', '/x?y', 'b.com'],
    ['HTTP://b.com:81', '/', 'b.com:81'],
    ['https://b.com?y', '/?y', 'b.com'],
    ['http://[::1]:80/', '/', '[::1]:80'],
    ['http://b.com//x', '//x', 'b.com'],
    ['//b.com/x', '//b.com/x', 'a.com'],
    ['/http://b.com/', '/http://b.com/', 'a.com'],
  ])('%s is %s of %s', (url, target, host) => {
    expect(taken({ url })).toMatchObject({ target, host });
  });

  test.each([
    '/a#b',
    'http://b.com/#x',
    'http://user:pass@b.com/',
    'http://user@b.com',
    'http:///x',
    'ftp://b.com/',
    'b.com:80',
    'x',
    '*',
    'http://b.com\\x/',
    'http://b com/',
  ])('%s is refused', (url) => {
    expect(taken({ url })).toMatchObject({ status: 400 });
  });

  test('* is for OPTIONS', () => {
    expect(taken({ url: '*', method: 'OPTIONS' })).toMatchObject({ target: '*', host: 'a.com' });
  });
});
