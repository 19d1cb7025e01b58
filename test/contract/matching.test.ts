import { expect } from 'vitest';
import { contract, type Scenario, told } from './contract.ts';

/** Rules that ask for more than a host and a path: the same service on whichever engine a request comes. */

const MATCH = `    match:
      - { hosts: [shop.example], headers: { X-Canary: "1", X-Gone: { present: false } } }
      - { hosts: [shop.example], path: /exact, methods: [GET, HEAD] }
      - { hosts: [shop.example], prefix: /q, query: { a: { prefix: x }, b: { present: true } } }
      - { hosts: [shop.example], prefix: /net, cidrs: [192.0.2.0/24, "2001:db8::/32"] }
      - { hosts: [shop.example], prefix: /land, countries: [CH, DE] }
      - { hosts: [shop.example], prefix: /cert, client_certificate: true }`;
const EDGE = ', trust_proxies: [loopback]';

const taken = (line: string, more: string, status: 200 | 404): Scenario => ({
  name: `${line} ${more.replaceAll('\r\n', ' ')}is ${status}`,
  service: MATCH,
  edge: EDGE,
  methods: [line.split(' ', 1)[0] as string],
  play: `${line} HTTP/1.1\r\nHost: shop.example\r\n${more}\r\n`,
  expect: (seen) => expect(told(seen)[0]?.slice(0, 3)).toBe(String(status)),
});

contract('matching', [
  taken('GET /', '', 404),
  taken('GET /', 'X-Canary: 1\r\n', 200),
  taken('GET /', 'x-canary:  1 \r\n', 200),
  taken('GET /', 'X-Canary: 1\r\nX-Canary: 1\r\n', 404),
  taken('GET /', 'X-Canary: 1\r\nX-Gone: \r\n', 404),
  taken('GET /', 'X-Canary: 11\r\n', 404),
  taken('GET /exact?x', '', 200),
  taken('HEAD /%65xact', '', 200),
  taken('POST /exact', 'Content-Length: 0\r\n', 404),
  taken('GET /exact/', '', 404),
  taken('GET /q/x?b&a=xyz', '', 200),
  taken('GET /q?a=1&a=%78y&b=', '', 200),
  taken('GET /q?a=1&b=', '', 404),
  taken('GET /q?a=x', '', 404),
  taken('GET /net', '', 404),
  taken('GET /net', 'X-Forwarded-For: 192.0.2.77\r\n', 200),
  taken('GET /net', 'X-Forwarded-For: 2001:db8::5\r\n', 200),
  taken('GET /net', 'X-Forwarded-For: 192.0.3.1\r\n', 404),
  taken('GET /land', '', 404),
  taken('GET /cert', '', 404),
]);
