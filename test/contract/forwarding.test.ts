import { expect } from 'vitest';
import { arrived, contract, refusedWith, type Scenario, told } from './contract.ts';

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'REPORT',
  'SEARCH',
  'PURGE',
  'QUERY',
  'M-SEARCH',
];

contract(
  'methods',
  METHODS.map(
    (method): Scenario => ({
      name: method,
      play: `${method} /x HTTP/1.1\r\nHost: a\r\n\r\n`,
      methods: [method],
      expect: (seen) => {
        expect(arrived(seen).start).toBe(`${method} /x HTTP/1.1`);
        expect(told(seen)).toEqual([method === 'HEAD' ? '200 ' : '200 ok']);
        expect(seen.clients[0]?.ending).toBe('open');
        expect(seen.records).toEqual([`${method} /x 200 complete [aws success 200]`]);
      },
    }),
  ),
);

contract('methods', [
  { name: 'CONNECT', play: 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', expect: refusedWith(405) },
  ...(['WORK', 'get'] as const).map(
    (method): Scenario => ({
      name: method === 'get' ? 'a method in small letters' : 'a method that nobody has registered',
      play: `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`,
      expect: (seen, engine, front) => {
        if (engine === 'off' && front.client === 'HTTP/1.1') return refusedWith(501)(seen, engine, front);
        expect(told(seen)).toEqual(['200 ok']);
        expect(arrived(seen).start).toBe(`${method} / HTTP/1.1`);
      },
    }),
  ),
  { name: 'the preface of HTTP/2', play: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', expect: refusedWith(400) },
  {
    name: 'OPTIONS *',
    play: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => {
      expect(told(seen)).toEqual(['204 ']);
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.records).toEqual([]);
    },
  },
  { name: 'GET *', play: 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
]);

const TARGETS = [
  '/',
  '/?',
  '/a//b/../c/./d',
  '//double',
  '///',
  '/..',
  '/%2e%2e/%2F%5c?x=%20&y=a+b&y=2',
  '/%zz%',
  '/caf%C3%A9;v=1',
  '/a?b?c=/../d',
  '/!$&\'()*+,;=:@~-._[]|^`{}\\"<>',
  `/${'long'.repeat(2000)}`,
  '/http://other/',
];

contract(
  'targets',
  TARGETS.map((target) => ({
    name: `${target.slice(0, 40)} is forwarded byte for byte`,
    play: `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    expect: (seen) => {
      expect(arrived(seen).start).toBe(`GET ${target} HTTP/1.1`);
      expect(told(seen)).toEqual(['200 ok']);
    },
  })),
);

contract('targets', [
  {
    name: 'the absolute form is taken, and its authority is the Host',
    play: 'GET http://real.example:81/x?y HTTP/1.1\r\nHost: other\r\n\r\n',
    expect: (seen) => {
      expect(arrived(seen).start).toBe('GET /x?y HTTP/1.1');
      expect(arrived(seen).headers).toContain('host: real.example:81');
      expect(arrived(seen).headers).toContain('X-Forwarded-Host: real.example:81');
    },
  },
  {
    name: 'the absolute form without a path',
    play: 'GET HTTP://real.example?y HTTP/1.1\r\nHost: real.example\r\n\r\n',
    expect: (seen) => expect(arrived(seen).start).toBe('GET /?y HTTP/1.1'),
  },
  { name: 'ftp', play: 'GET ftp://a/x HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'credentials', play: 'GET http://u:p@a/x HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'no slash', play: 'GET x HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'an authority', play: 'GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'a fragment', play: 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'bytes above ASCII', play: 'GET /caf\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'a tab', play: 'GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'DEL', play: 'GET /a\x7fb HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
  { name: 'a target with spaces', play: 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n', expect: refusedWith(400) },
]);
