import { describe, expect, test } from 'vitest';
import { INCOMPLETE, UNUSUAL } from '../../../../src/edge/message/fields.ts';
import { CHUNKED, parseResponse, ResponseHead, UNTIL_CLOSE } from '../../../../src/edge/message/response-head.ts';

function parse(text: string) {
  const bytes = Buffer.from(`before${text}`, 'latin1');
  const head = new ResponseHead();
  return { end: parseResponse(bytes, 6, bytes.length, head), head, bytes };
}

test('a head is read, and what goes on is gathered as it came', () => {
  const text =
    'HTTP/1.1 200 OK\r\nServer:  x \r\ndate: now\r\nConnection: X-Private, keep-alive\r\nx-private: 1\r\nKeep-Alive: timeout=5, max=10\r\nContent-Length: 3\r\nX-Request-Id: theirs\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n';
  const { end, head } = parse(`${text}abc`);
  expect(end).toBe(6 + text.length);
  expect(head).toMatchObject({ status: 200, reason: 'OK', length: 3, keepAlive: true, keepAliveMs: 5000, dated: true });
  expect(head.lines).toBe('Server:  x \r\ndate: now\r\nContent-Length: 3\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n');
});

test.each([
  ['HTTP/1.1 204 \r\n\r\n', { status: 204, reason: '', length: UNTIL_CLOSE, keepAlive: true, lines: '' }],
  ['HTTP/1.1 404\r\nA: b\r\n\r\n', { status: 404, reason: '', lines: 'A: b\r\n' }],
  ['HTTP/1.1 200 Ganz gut \xe4\r\n\r\n', { reason: 'Ganz gut \xe4' }],
  ['HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n', { keepAlive: false, length: 1 }],
  ['HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n', { keepAlive: true }],
  ['HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', { keepAlive: false }],
  [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTrailer: X-Sum\r\n\r\n',
    { length: CHUNKED, lines: 'Trailer: X-Sum\r\n' },
  ],
  ['HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nContent-Length: 1\r\n\r\n', { length: 1, lines: 'Content-Length: 1\r\n' }],
  [
    'HTTP/1.1 200 OK\r\nConnection: content-length\r\nContent-Length: 7\r\n\r\n',
    { length: 7, lines: 'Content-Length: 7\r\n' },
  ],
  ['HTTP/1.1 101 \r\nUpgrade: a\r\nConnection: x, Upgrade\r\nUpgrade: b\r\n\r\n', { upgrade: 'a, b', lines: '' }],
  ['HTTP/1.1 101 \r\nUpgrade: a\r\n\r\n', { upgrade: '' }],
  ['HTTP/1.1 101 \r\nConnection: Upgrade\r\n\r\n', { upgrade: '' }],
])('%j', (text, expected) => {
  const { end, head } = parse(text);
  expect(end).toBe(6 + text.length);
  expect(head).toMatchObject(expected);
});

test.each([
  'HTTP/2 200 OK\r\n\r\n',
  'http/1.1 200 OK\r\n\r\n',
  'HTTP/1.1 20 OK\r\n\r\n',
  'HTTP/1.1 099 OK\r\n\r\n',

  'HTTP/1.1 2000 OK\r\n\r\n',
  'HTTP/1.1  200 OK\r\n\r\n',
  'HTTP/1.1 200 OK\r\r\n\r\n',
  'HTTP/1.1 200 O\0K\r\n\r\n',
  'garbage, and more of it',
  ...[
    'Content-Length: 1\r\nContent-Length: 2',
    'Content-Length: 7\r\nTransfer-Encoding: chunked\r\nContent-Length: 7',
    'Content-Length: -1',
    'Content-Length: 1, 1',
    'Content-Length:',
    'X : 1',
    ' X: 1',
    'X',
  ].map((line) => `HTTP/1.1 200 OK\r\n${line}\r\n\r\n`),
  ...['Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'].map(
    (line) => `HTTP/1.1 200 OK\r\n${line}\r\n\r\n`,
  ),
  ...['Content-Length: 1\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 1'].map(
    (line) => `HTTP/1.1 200 OK\r\n${line}\r\n\r\n`,
  ),
  'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
])('%j is broken', (text) => {
  expect(parse(text).end).toBe(UNUSUAL);
});

test('wherever it is cut, it is incomplete', () => {
  const text = 'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 3\r\n\r\n';
  for (let cut = 0; cut < text.length; cut += 1) expect(parse(text.slice(0, cut)).end).toBe(INCOMPLETE);
});

describe('what is taken and written anew', () => {
  test.each([
    ['HTTP/1.1 200 OK\nA: b\nContent-Length: 3\n\n', { length: 3, lines: 'A: b\r\nContent-Length: 3\r\n' }],
    ['HTTP/1.1 200\n\n', { status: 200, lines: '' }],
    ['HTTP/1.1 200 OK\r\nA: b\nB: c \t\r\n\n', { lines: 'A: b\r\nB: c\r\n' }],
    [
      'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nA: b\r\ncontent-length: 7\r\n\r\n',
      { length: 7, lines: 'Content-Length: 7\r\nA: b\r\n' },
    ],
    [
      'HTTP/1.1 200 OK\r\nContent-Length:\t 7 \t\r\nA:  b \r\n\r\n',
      { length: 7, lines: 'Content-Length: 7\r\nA: b\r\n' },
    ],
    ['HTTP/1.1 200 OK\r\nContent-Length: 00000000000000000007\r\n\r\n', { length: 7, lines: 'Content-Length: 7\r\n' }],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding:\t chunked \t\r\n\r\n', { length: CHUNKED, lines: '' }],
    ['HTTP/1.9 200 OK\r\n\r\n', { keepAlive: true }],
    ['HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nA: b\r\n\r\n', { lines: 'A: b\r\n' }],
    [
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 0\r\nX: y\r\n\r\n',
      { lines: 'Link: </a>\r\nX: y\r\n' },
    ],
  ])('%j', (text, expected) => {
    const { end, head } = parse(text);
    expect(end).toBe(6 + text.length);
    expect(head).toMatchObject(expected);
  });
});

test('an answer may have as many fields as it has bytes for', () => {
  const lines = Array.from({ length: 2000 }, (_, i) => `X-${i}: ${i}\r\n`).join('');
  const { end, head } = parse(`HTTP/1.1 200 OK\r\n${lines}\r\n`);
  expect(end).toBeGreaterThan(0);
  expect(head.lines).toBe(lines);
});
