import { expect } from 'vitest';
import { arrived, contract, refusedWith, type Scenario, told } from './contract.ts';

/** Requests that are not taken, and the status that says so. None of them reaches an origin, nor does what comes behind. */
const get = (...lines: string[]): string => `GET / HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const post = (lines: readonly string[], body: string): string =>
  `POST / HTTP/1.1\r\nHost: a\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`;

/** What a smuggler would like to see answered. */
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = `0\r\n\r\n${SMUGGLED}`;

type Refused = readonly [name: string, bytes: string, status: number];

const REFUSED: Readonly<Record<string, readonly Refused[]>> = {
  hosts: [
    ['none', get(), 400],
    ['two', get('Host: a', 'Host: b'), 400],
    ['two that are alike', get('Host: a', 'host: a'), 400],
    ['a space in it', get('Host: a b'), 400],
    ['a path', get('Host: a/b'), 400],
    ['a user', get('Host: u@a'), 400],
    ['a fragment', get('Host: a#b'), 400],
    ['a list', get('Host: a, b'), 400],
    ['a percent', get('Host: a%00'), 400],
    ['a port that is none', get('Host: a:b'), 400],
    ['brackets that are not closed', get('Host: [::1'), 400],
    ['bytes above ASCII', get('Host: caf\xe9'), 400],
    ['one that the absolute form spoils', 'GET http://a:b/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['two with the absolute form', 'GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ],
  framings: [
    ['a length beside chunks', post(['Content-Length: 5', 'Transfer-Encoding: chunked'], LAST), 400],
    ['chunks beside a length', post(['Transfer-Encoding: chunked', 'Content-Length: 5'], LAST), 400],
    ['two lengths', post(['Content-Length: 5', 'Content-Length: 6'], `hello${SMUGGLED}`), 400],
    ['two lengths by case', post(['Content-Length: 5', 'content-length: 6'], `hello${SMUGGLED}`), 400],
    ['two lengths that are alike', post(['Content-Length: 5', 'Content-Length: 5'], 'hello'), 400],
    ['a list of lengths', post(['Content-Length: 5, 5'], 'hello'), 400],
    ['an empty length', post(['Content-Length:'], SMUGGLED), 400],
    ['a negative length', post(['Content-Length: -1'], SMUGGLED), 400],
    ['a length with a sign', post(['Content-Length: +5'], 'hello'), 400],
    ['a hexadecimal length', post(['Content-Length: 0x5'], 'hello'), 400],
    ['a length with an underscore', post(['Content-Length: 1_0'], 'hello'), 400],
    ['a length with a space in it', post(['Content-Length: 1 0'], 'hello'), 400],
    ['a length past 64 bits', post(['Content-Length: 18446744073709551621'], 'hello'), 400],
    ['another coding', post(['Transfer-Encoding: gzip, chunked'], LAST), 501],
    ['identity', post(['Transfer-Encoding: identity'], SMUGGLED), 400],
    ['chunked twice', post(['Transfer-Encoding: chunked, chunked'], LAST), 400],
    ['chunked in two headers', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], LAST), 400],
    ['chunked and then another', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], LAST), 400],
    ['chunked, but not last', post(['Transfer-Encoding: chunked, gzip'], LAST), 400],
    ['a coding that looks like it', post(['Transfer-Encoding: xchunked'], LAST), 400],
    ['a coding with a parameter', post(['Transfer-Encoding: chunked;q=1'], LAST), 400],
    ['a quoted coding', post(['Transfer-Encoding: "chunked"'], LAST), 400],
    ['a coding behind a vertical tab', post(['Transfer-Encoding: \x0bchunked'], LAST), 400],
    ['an empty coding', post(['Transfer-Encoding:'], SMUGGLED), 400],
    ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${LAST}`, 400],
    [
      'chunks in HTTP/1.0 that is kept',
      `POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${LAST}`,
      400,
    ],
  ],
  heads: [
    ['a folded header', get('Host: a', 'X: 1', ' 2'), 400],
    ['a folded header behind Host', get('Host: a', '\tb'), 400],
    ['a header before any', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n', 400],
    ['a bare LF behind a header', 'GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n', 400],
    ['a bare LF behind the first line', 'GET / HTTP/1.1\nHost: a\r\n\r\n', 400],
    ['bare LFs only', 'GET / HTTP/1.1\nHost: a\n\n', 400],
    ['a bare CR in a value', get('Host: a', 'X: 1\rY: 2'), 400],
    ['a bare CR that makes a header', get('Host: a', 'X: 1\rTransfer-Encoding: chunked'), 400],
    ['a CR before the end of a line', 'GET / HTTP/1.1\r\r\nHost: a\r\n\r\n', 400],
    ['a space before a colon', get('Host : a'), 400],
    ['a space before the colon of a length', post(['Content-Length : 5'], 'hello'), 400],
    ['a tab before the colon of a coding', post(['Transfer-Encoding\t: chunked'], LAST), 400],
    ['a NUL in a value', get('Host: a', 'X: \0'), 400],
    ['a NUL in a name', get('Host: a', 'X\0: a'), 400],
    ['a control character in a value', get('Host: a', 'X: \x01'), 400],
    ['an empty name', get('Host: a', ': x'), 400],
    ['a name without a colon', get('Host: a', 'X'), 400],
    ['a name with a space', get('Host: a', 'X Y: 1'), 400],
    ['a name with bytes above ASCII', get('Host: a', 'X\xe9: 1'), 400],
    ['a name in parentheses', get('Host: a', '(X): 1'), 400],
    ['a head of 40,000 bytes', get('Host: a', `X: ${'a'.repeat(40_000)}`), 431],
    ['a head of many small headers', get('Host: a', ...Array.from({ length: 4000 }, (_, i) => `X-${i}: 1234`)), 431],
    ['a target of 40,000 bytes', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
  ],
  'first lines': [
    ['HTTP/0.9', 'GET /\r\n\r\n', 505],
    ['HTTP/0.9 with a name', 'GET / HTTP/0.9\r\nHost: a\r\n\r\n', 505],
    ['HTTP/3.0', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n', 505],
    ['HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['HTTP/1.10', 'GET / HTTP/1.10\r\nHost: a\r\n\r\n', 400],
    ['HTTP/11', 'GET / HTTP/11\r\nHost: a\r\n\r\n', 400],
    ['http/1.1', 'GET / http/1.1\r\nHost: a\r\n\r\n', 400],
    ['HTTPS/1.1', 'GET / HTTPS/1.1\r\nHost: a\r\n\r\n', 400],
    ['a tab between its parts', 'GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['no target', 'GET  HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a space before it', ' GET / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['something behind it', 'GET / HTTP/1.1 x\r\nHost: a\r\n\r\n', 400],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 GET / HTTP/1.1\r\n\r\n', 400],
    ['an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 400],
  ],
};

for (const [theme, refused] of Object.entries(REFUSED)) {
  contract(
    `refused ${theme}`,
    refused.map(
      ([name, bytes, status]): Scenario => ({
        name,
        play: bytes,
        // Whatever else it may be, the next request is never answered: nobody knows where it would begin.
        answers: 2,
        expect: refusedWith(status),
      }),
    ),
  );
}

contract(
  'refused bodies',
  [
    ['a chunk size that is none', 'x\r\nhello\r\n0\r\n\r\n'],
    ['a chunk size with a sign', '-5\r\nhello\r\n0\r\n\r\n'],
    ['a chunk size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a chunk size with a space before', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['a chunk size past 64 bits', '10000000000000005\r\nhello\r\n0\r\n\r\n'],
    ['a chunk that is longer than its size', '4\r\nhello\r\n0\r\n\r\n'],
    ['a chunk that is shorter than its size', '6\r\nhello\r\n0\r\n\r\n'],
    ['an empty chunk size', '\r\nhello\r\n0\r\n\r\n'],
    ['a bare LF behind a chunk size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare LF behind a chunk', '5\r\nhello\n0\r\n\r\n'],
    ['a bare CR in an extension', '5;a\rb\r\nhello\r\n0\r\n\r\n'],
    ['a NUL in an extension', '5;a=\0\r\nhello\r\n0\r\n\r\n'],
    ['a bad trailer', '5\r\nhello\r\n0\r\nX : 1\r\n\r\n'],
    ['extensions without end', `5;${'a'.repeat(40_000)}\r\nhello\r\n0\r\n\r\n`],
    ['trailers without end', `5\r\nhello\r\n0\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
  ].map(
    ([name = '', body = '']): Scenario => ({
      name,
      play: post(['Transfer-Encoding: chunked'], body + SMUGGLED),
      answers: 2,
      expect: (seen) => {
        // Its head may have gone out before its body was known to be bad; no whole request of it ever does.
        expect(seen.origins.flat()).toEqual([]);
        expect(seen.clients[0]?.ending).not.toBe('open');
        expect(told(seen).filter((line) => !/^(?:400|413|431|502) /.test(line))).toEqual([]);
      },
    }),
  ),
);

contract('taken all the same', [
  {
    name: 'empty lines before a request',
    play: `\r\n\r\n${get('Host: a')}`,
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
  {
    name: 'a Host with a port, brackets, a dot at its end',
    play: ['a.:80', '[::1]:8080', '127.0.0.1', 'a_b.c-d~'].map((host) => get(`Host: ${host}`)).join(''),
    answers: 4,
    expect: (seen) => expect(told(seen)).toEqual(['200 ok', '200 ok', '200 ok', '200 ok']),
  },
  {
    name: 'an empty Host',
    play: get('Host:'),
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
  {
    name: 'chunked in other letters',
    play: post(['transfer-ENCODING: Chunked'], '2\r\nhi\r\n0\r\n\r\n'),
    expect: (seen) => expect(arrived(seen).body).toBe('hi'),
  },
  {
    name: 'a length with zeros before',
    play: post(['Content-Length: 0002'], 'hi'),
    expect: (seen) => expect(arrived(seen)).toMatchObject({ body: 'hi', framing: 'length' }),
  },
  {
    name: 'a head of 30,000 bytes',
    play: get('Host: a', `X: ${'a'.repeat(30_000)}`),
    expect: (seen) => expect(arrived(seen).headers).toContain(`X: ${'a'.repeat(30_000)}`),
  },
  {
    name: 'a thousand headers',
    play: get('Host: a', ...Array.from({ length: 1000 }, (_, i) => `X-${i}: 1`)),
    expect: (seen) => expect(arrived(seen).headers.filter((line) => /^X-\d+: 1$/.test(line))).toHaveLength(1000),
  },
]);
