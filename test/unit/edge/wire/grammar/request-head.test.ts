import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELDS_ROOM, INCOMPLETE, UNUSUAL } from '../../../../../src/edge/message/fields.ts';
import { CHUNKED, parseRequest, WireHead } from '../../../../../src/edge/wire/grammar/request-head.ts';

const FACTS = { protocol: 'http', address: '203.0.113.9', tlsVersion: '', certificate: undefined } as const;

const newHead = () => new WireHead(FACTS);

function parse(text: string, head = newHead()) {
  const bytes = Buffer.from(text, 'latin1');
  return { end: parseRequest(bytes, 0, bytes.length, head), head };
}

const with_ = (...lines: readonly string[]) =>
  `GET /a HTTP/1.1\r\nHost: shop.example\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

test('a plain head is told apart, byte for byte', () => {
  const text =
    'POST /a%2Fb/../c?d=%20&e="{} HTTP/1.1\r\nhOST:\t A.example:8080 \r\nX-One: 1\r\nx-one:  2 \t\r\nContent-Length: 12\r\nX-Empty:\r\n\r\n';
  const { end, head } = parse(`${text}body`);
  expect(end).toBe(text.length);
  expect(head).toMatchObject({
    method: 'POST',
    target: '/a%2Fb/../c?d=%20&e="{}',
    host: 'A.example:8080',
    length: 12,
    close: false,
  });
  expect(head.headers).toEqual([
    'hOST',
    'A.example:8080',
    'X-One',
    '1',
    'x-one',
    '2',
    'Content-Length',
    '12',
    'X-Empty',
    '',
  ]);
  expect([
    head.first('x-one'),
    head.joined('x-one'),
    head.first('x-empty'),
    head.first('x-none'),
    head.joined('x'),
  ]).toEqual(['1', '1, 2', '', undefined, undefined]);
});

test('a head is itself again after another one has been read', () => {
  const one = parse(with_('X-A: 1')).head;
  parse(with_('X-B: 2', 'X-C: 3'));
  expect(one.first('x-a')).toBe('1');
  expect(one.headers).toEqual(['Host', 'shop.example', 'X-A', '1']);
});

test('in the middle of other bytes, offsets are its own', () => {
  const bytes = Buffer.from(`rest of a body${with_('X-A: 1')}GET`, 'latin1');
  const head = newHead();
  expect(parseRequest(bytes, 14, bytes.length, head)).toBe(bytes.length - 3);
  expect([head.target, head.host, head.first('x-a')]).toEqual(['/a', 'shop.example', '1']);
});

test.each([
  [with_('Connection: close'), { close: true }],
  [with_('Connection: Keep-Alive'), { close: false }],
  [with_('Transfer-Encoding: CHUNKED'), { length: CHUNKED, hasBody: true }],
  [with_('te: Trailers'), { trailers: true }],
  [with_('Content-Length: 0'), { length: 0, hasBody: false }],
  [with_('Cookie: \xe9\x80'), {}],
  ['OPTIONS / HTTP/1.1\r\nHost: [::1]:1\r\n\r\n', { host: '[::1]:1' }],
  ['GET / HTTP/1.2\r\nHost: a\r\n\r\n', { version: '1.1' }],
  ['GET / HTTP/1.9\r\nHost: a\r\n\r\n', { version: '1.1' }],
  ['VERSION-CONTROL / HTTP/1.1\r\nHost: a\r\n\r\n', { method: 'VERSION-CONTROL' }],
  ['get / HTTP/1.1\r\nHost: a\r\n\r\n', { method: 'get' }],
  [`${'A'.repeat(32)} / HTTP/1.1\r\nHost: a\r\n\r\n`, { method: 'A'.repeat(32) }],
  [with_('Transfer-Encoding:\t chunked \t'), { length: CHUNKED }],
  [with_('Max-Forwards: 0'), { method: 'GET' }],
])('%j is plain', (text, expected) => {
  const { end, head } = parse(text);
  expect(end).toBe(text.length);
  expect(head).toMatchObject(expected);
});

describe('what is not plain is not judged', () => {
  test.each([
    'GET http://a/ HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'CONNECT a:1 HTTP/1.1',
    'TRACE /a HTTP/1.1',
    'PRI /a HTTP/1.1',
    `${'A'.repeat(33)} /a HTTP/1.1`,
    'G(T /a HTTP/1.1',
    ' /a HTTP/1.1',
    'GET /a HTTP/1.0',
    'GET /a HTTP/2.0',
    'GET /a HTTP/1.10',
    'GET /a HTTP/1.:',
    'GET /a',
    'GET  /a HTTP/1.1',
    'GET /a  HTTP/1.1',
    'GET /a#b HTTP/1.1',
    'GET /\x80 HTTP/1.1',
    'GET /a\tb HTTP/1.1',
    'GET /a HTTP/1.1 ',
    'GET /a http/1.1',
    'GET /a HTTP/1.1\n',
  ])('%j', (line) => {
    expect(parse(`${line}\r\nHost: a\r\n\r\n`).end).toBe(UNUSUAL);
  });
  test.each([
    'Host: b',
    'Content-Length: +1',
    'Content-Length: ',
    'Content-Length: 1, 1',
    'Content-Length: 0x1',
    'Content-Length: 1 1',
    'Content-Length: 1 ',
    'Content-Length:\t1',
    'Content-Length: 01',
    'Content-Length: 1234567890123456',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: "chunked"',
    'Transfer-Encoding:',
    'Connection: close, x',
    'Connection: TE',
    'Upgrade: websocket',
    'Expect: 100-continue',
    'TE: gzip',
    'TE: trailers, x',
    ' X: folded',
    '\tX: folded',
    'X : 1',
    ': 1',
    'X',
    'X: a\0b',
    'X: a\rb',
    'X: a\nb',
    'X: \x7f',
    'X\x80: 1',
    '(X): 1',
    'Content-Length: 1\r\ncontent-length: 1',
    'Content-Length: 1\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Connection: close\r\nConnection: close',
  ])('%j', (line) => {
    expect(parse(with_(line)).end).toBe(UNUSUAL);
  });
  test.each(['', ' ', 'a b', 'a/b', 'a@b', '[::1', '::1', '[]', 'a:123456', 'a:x', 'a:1:2', '[::1]x', 'ä', 'a%41'])(
    'Host: %j',
    (host) => {
      expect(parse(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`).end).toBe(UNUSUAL);
    },
  );
  test('no Host, bare line feeds', () => {
    expect(parse('GET / HTTP/1.1\r\n\r\n').end).toBe(UNUSUAL);
    expect(parse('GET / HTTP/1.1\nHost: a\n\n').end).toBe(UNUSUAL);
    expect(parse('GET / HTTP/1.1\r\nHost: a\n\r\n').end).toBe(UNUSUAL);
  });
});

test('a head may have as many fields as it has bytes for', () => {
  const lines = Array.from({ length: FIELDS_ROOM * 5 }, (_, i) => `X-${i}: ${i}`);
  const { end, head } = parse(with_(...lines));
  expect(end).toBeGreaterThan(0);
  expect([head.first('x-639'), head.headers.length]).toEqual(['639', (FIELDS_ROOM * 5 + 1) * 2]);
});

test('Max-Forwards of OPTIONS is for the general engine', () => {
  expect(parse('OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 1\r\n\r\n').end).toBe(UNUSUAL);
});

test('wherever a plain head is cut, it is incomplete and never anything else', () => {
  const field = fc
    .tuple(fc.stringMatching(/^X-[a-zA-Z0-9]{1,8}$/), fc.stringMatching(/^[!-~]{0,12}$/))
    .map(([name, value]) => `${name}: ${value}`);
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'PATCH', 'PROPFIND', 'FOO'),
      fc.array(field, { maxLength: 5 }),
      (method, lines) => {
        const text = with_(...lines).replace('GET', method);
        const bytes = Buffer.from(text, 'latin1');
        for (let cut = 0; cut < bytes.length; cut += 1) expect(parseRequest(bytes, 0, cut, newHead())).toBe(INCOMPLETE);
        expect(parseRequest(bytes, 0, bytes.length, newHead())).toBe(bytes.length);
      },
    ),
  );
});
