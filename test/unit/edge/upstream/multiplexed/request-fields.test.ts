import { expect, test } from 'vitest';
import {
  IN_CHUNKS,
  requestFields,
  trailerFields,
} from '../../../../../src/edge/upstream/multiplexed/request-fields.ts';

function shown(lines: string, secure = false): { fields: string[]; length: number } {
  const head = lines.replaceAll('\n', '\r\n');
  const { fields, length, end } = requestFields(`${head}body\r\n\r\n`, secure);
  expect(end).toBe(head.length);
  return { fields: fields.map(({ name, value }) => `${name}: ${value}`), length };
}

test('the request line and Host are said in fields of their own, which come first', () => {
  expect(shown('GET /a b?c HTTP/1.1\nX-One: 1\nHost: shop.example:8080\nX-Two:  2 \n\n')).toEqual({
    fields: [':method: GET', ':scheme: http', ':authority: shop.example:8080', ':path: /a b?c', 'x-one: 1', 'x-two: 2'],
    length: 0,
  });
  expect(shown('OPTIONS * HTTP/1.1\nHost: a\n\n', true).fields).toEqual([
    ':method: OPTIONS',
    ':scheme: https',
    ':authority: a',
    ':path: *',
  ]);
});

test('what is about one connection of HTTP/1.1 is left out, and TE is not', () => {
  const lines = 'Connection: TE, Upgrade\nUpgrade: x\nKeep-Alive: timeout=1\nProxy-Connection: x\nTE: trailers\n';
  expect(shown(`GET / HTTP/1.1\nHost: a\n${lines}\n`).fields.slice(4)).toEqual(['te: trailers']);
});

test.each([
  ['Content-Length: 12\n', 12, ['content-length: 12']],
  ['Transfer-Encoding: chunked\n', IN_CHUNKS, []],
  ['', 0, []],
])('the framing of the body is known: %s', (lines, length, left) => {
  const read = shown(`POST / HTTP/1.1\nHost: a\n${lines}\n`);
  expect(read.length).toBe(length);
  expect(read.fields.slice(4)).toEqual(left);
});

test('a line that comes again is the same object, unless it is different each time or is known to one client', () => {
  const head = 'GET / HTTP/1.1\r\nHost: a\r\nAccept: x\r\nCookie: s=1\r\nAuthorization: y\r\nTraceparent: 00-1\r\n\r\n';
  const [one, two] = [requestFields(head, false).fields, requestFields(head, false).fields];
  const same = one.filter((field, i) => field === two[i]).map(({ name }) => name);
  expect(same).toEqual([':method', ':scheme', ':authority', ':path', 'accept']);
  expect(one.filter(({ indexing }) => indexing === 'never').map(({ name }) => name)).toEqual([
    'cookie',
    'authorization',
  ]);
});

test('trailers are fields', () => {
  expect(trailerFields('X-Sum: abc\r\nB: 2\r\n').map(({ name, value }) => [name, value])).toEqual([
    ['x-sum', 'abc'],
    ['b', '2'],
  ]);
  expect(trailerFields('')).toEqual([]);
});
