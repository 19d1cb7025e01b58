import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { arrived, contract, refusedWith, type Scenario, told } from './contract.ts';

/**
 * The table of docs/http.md, played: what is not quite as RFC 9112 would have it written, and what becomes of it. `taken`: it goes on,
 * written plainly. A status: that is the answer, and nothing goes on. Two: of the wire engine and of the general one.
 */
type Row = readonly [name: string, bytes: string, outcome: 'taken' | number, general?: number];

const get = (start: string, ...lines: string[]): string => `${[start, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`;
const post = (line: string, body: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n${body}`;
const CHUNKS = '2\r\nhi\r\n0\r\n\r\n';
const chunked = (body: string): string => post('Transfer-Encoding: chunked', body);

const REQUESTS: readonly Row[] = [
  ['empty lines before a request', `\r\n\r\n${get('GET / HTTP/1.1')}`, 'taken'],
  ['bare LF', 'GET / HTTP/1.1\nHost: a\n\n', 400],
  ['bare CR', get('GET / HTTP/1.1', 'X: a\rb'), 400],
  ['NUL in a value', get('GET / HTTP/1.1', 'X: a\0b'), 400],
  ['folded line', get('GET / HTTP/1.1', 'X: a', ' b'), 400],
  ['space before a colon', get('GET / HTTP/1.1', 'X : a'), 400],
  ['white space before a length', post('Content-Length:\t 2', 'hi'), 'taken'],
  ['white space behind a length', post('Content-Length: 2 \t', 'hi'), 'taken'],
  ['zeros before a length', post('Content-Length: 0002', 'hi'), 'taken'],
  ['more than 15 zeros before a length', post(`Content-Length: ${'0'.repeat(20)}2`, 'hi'), 'taken'],
  ['the same length twice', post('Content-Length: 2\r\nContent-Length: 2', 'hi'), 400],
  ['a list of lengths', post('Content-Length: 2, 2', 'hi'), 400],
  ['a length beside chunks', post('Content-Length: 2\r\nTransfer-Encoding: chunked', CHUNKS), 400],
  ['chunks in HTTP/1.0', chunked(CHUNKS).replace('HTTP/1.1', 'HTTP/1.0\r\nConnection: keep-alive'), 400],
  ['chunked is not the last coding', post('Transfer-Encoding: chunked, gzip', CHUNKS), 400],
  ['another coding before chunked', post('Transfer-Encoding: gzip, chunked', CHUNKS), 501],
  ['white space before a coding', post('Transfer-Encoding:\t chunked', CHUNKS), 'taken'],
  ['space behind a coding', post('Transfer-Encoding: chunked ', CHUNKS), 'taken'],
  ['tab behind a coding', post('Transfer-Encoding:\t chunked \t', CHUNKS), 'taken', 400],
  ['zeros before a chunk size', chunked(`${'0'.repeat(30)}2\r\nhi\r\n${'0'.repeat(30)}\r\n\r\n`), 'taken'],
  ['white space behind a chunk size', chunked('2 \r\nhi\r\n0\r\n\r\n'), 'taken', 400],
  ['white space around a chunk extension', chunked('2 ; a = b\r\nhi\r\n0\r\n\r\n'), 'taken', 400],
  ['a chunk extension', chunked('2;a="b"\r\nhi\r\n0\r\n\r\n'), 'taken'],
  ['bare LF behind a chunk size', chunked('2\nhi\r\n0\r\n\r\n'), 400],
  ['a method that nobody has registered', get('FOO / HTTP/1.1'), 'taken', 501],
  ['HTTP/1.2 to HTTP/1.9', get('GET / HTTP/1.2'), 'taken', 505],
  ['HTTP/2.0', get('GET / HTTP/2.0'), 505],
  ['HTTP/1.0 without a Host', 'GET / HTTP/1.0\r\n\r\n', 'taken'],
  ['HTTP/1.1 without a Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['a thousand fields', get('GET / HTTP/1.1', ...Array.from({ length: 1000 }, (_, i) => `X-${i}: 1`)), 'taken'],
];

const ok = (...lines: string[]): string => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const LENGTH = 'Content-Length: 2';
const CODING = 'Transfer-Encoding: chunked';
const OK_CHUNKS = '2\r\nok\r\n0\r\n\r\n';

const ANSWERS: readonly Row[] = [
  ['bare LF', `HTTP/1.1 200 OK\nX: a\n${LENGTH}\n\nok`, 'taken'],
  ['bare CR', `${ok('X: a\rb', LENGTH)}ok`, 502],
  ['NUL in a value', `${ok('X: a\0b', LENGTH)}ok`, 502],
  ['folded line', `${ok('X: a', ' b', LENGTH)}ok`, 502],
  ['space before a colon', `${ok('X : a', LENGTH)}ok`, 502],
  ['white space before a length', `${ok('Content-Length:\t 2')}ok`, 'taken'],
  ['white space behind a length', `${ok('Content-Length: 2 \t')}ok`, 'taken'],
  ['zeros before a length', `${ok('Content-Length: 0002')}ok`, 'taken'],
  ['more than 15 zeros before a length', `${ok(`Content-Length: ${'0'.repeat(20)}2`)}ok`, 'taken'],
  ['the same length twice', `${ok(LENGTH, LENGTH)}ok`, 'taken'],
  ['two lengths', `${ok(LENGTH, 'Content-Length: 3')}ok`, 502],
  ['a list of lengths', `${ok('Content-Length: 2, 2')}ok`, 502],
  ['a length beside chunks', ok(LENGTH, CODING) + OK_CHUNKS, 502],
  ['chunks in HTTP/1.0', ok(CODING).replace('1.1', '1.0') + OK_CHUNKS, 502],
  ['chunked is not the last coding', ok('Transfer-Encoding: chunked, gzip') + OK_CHUNKS, 502],
  ['another coding before chunked', ok('Transfer-Encoding: gzip, chunked') + OK_CHUNKS, 502],
  ['another coding alone', `${ok('Transfer-Encoding: gzip')}ok`, 502],
  ['white space around a coding', ok('Transfer-Encoding:\t chunked \t') + OK_CHUNKS, 'taken'],
  ['zeros before a chunk size', `${ok(CODING)}${'0'.repeat(30)}2\r\nok\r\n${'0'.repeat(30)}\r\n\r\n`, 'taken'],
  ['white space behind a chunk size', `${ok(CODING)}2 \r\nok\r\n0\r\n\r\n`, 'taken'],
  ['white space around a chunk extension', `${ok(CODING)}2 ; a = b\r\nok\r\n0\r\n\r\n`, 'taken'],
  ['bare LF behind a chunk size', `${ok(CODING)}2\nok\r\n0\r\n\r\n`, 502],
  ['HTTP/1.2 to HTTP/1.9', `${ok(LENGTH).replace('1.1', '1.2')}ok`, 'taken'],
  ['HTTP/2.0', `${ok(LENGTH).replace('1.1', '2.0')}ok`, 502],
  ['a thousand fields', `${ok(LENGTH, ...Array.from({ length: 1000 }, (_, i) => `X-${i}: 1`))}ok`, 'taken'],
  ['a head over 64 KiB', `${ok(LENGTH, `X: ${'a'.repeat(66_000)}`)}ok`, 502],
];

const requestScenarios = (rows: readonly Row[]): Scenario[] =>
  rows.map(([name, play, outcome, general = outcome]) => ({
    name,
    play,
    expect: (seen, engine, front) => {
      const due = engine === 'on' ? outcome : general;
      if (due !== 'taken' && /chunk (?:size|extension)/.test(name)) {
        // Its head may have gone out before its body was known to be bad; no whole request of it ever does.
        expect([told(seen)[0]?.slice(0, 3), seen.origins.flat()]).toEqual([String(due), []]);
      } else if (due !== 'taken') refusedWith(due)(seen, engine, front);
      else {
        expect(told(seen)).toEqual(['200 ok']);
        if (play.startsWith('POST')) expect(arrived(seen).body).toBe('hi');
      }
    },
  }));
const differs = REQUESTS.filter((row) => row.length === 4);
contract('leniency of requests', requestScenarios(REQUESTS.filter((row) => row.length === 3)));
contract('taken by the wire engine', requestScenarios(differs));

contract(
  'leniency of answers',
  ANSWERS.map(
    ([name, bytes, outcome]): Scenario => ({
      name,
      service: '    retries: { attempts: 1 }',
      origins: [{ answer: (_, to) => to.finish(bytes) }],
      play: get('GET / HTTP/1.1'),
      expect: (seen) => {
        if (outcome === 'taken') expect(told(seen)).toEqual(['200 ok']);
        else expect(told(seen)[0]).toMatch(new RegExp(`^${outcome} `));
      },
    }),
  ),
);

test('docs/http.md has every row of it, and no other', () => {
  const text = readFileSync(new URL('../../docs/http.md', import.meta.url), 'utf8');
  const rowsOf = (part: string): string[] =>
    [...(text.split(`## ${part}`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| (.+?) \| (.+?) \|/gm)]
      .map(([, name, outcome]) => `${name}: ${outcome}`)
      .slice(1);
  const said = (rows: readonly Row[]): string[] =>
    rows.map(
      ([name, , outcome, general]) =>
        `${name}: ${outcome}${general === undefined ? '' : ` (general engine: ${general})`}`,
    );
  expect(rowsOf('Requests')).toEqual(said(REQUESTS));
  expect(rowsOf('Answers')).toEqual(said(ANSWERS));
});
