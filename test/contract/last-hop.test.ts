import { expect } from 'vitest';
import { arrived, contract, told } from './contract.ts';

/** What is asked of this edge itself (RFC 9110 §7.6.2). */

contract('requests that end here', [
  {
    name: 'OPTIONS with Max-Forwards: 0',
    play: 'OPTIONS /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n',
    expect: (seen) => {
      expect(seen.origins.flat()).toEqual([]);
      expect(told(seen)).toEqual(['204 ']);
      expect(seen.clients[0]?.answers[0]?.headers.join()).toMatch(/Allow: GET/);
    },
  },
  {
    name: 'TRACE with Max-Forwards: 0 shows what came, and no secrets',
    methods: ['TRACE'],
    play: [
      'TRACE /x?y=%20 HTTP/1.1',
      'Host: a',
      'Max-Forwards: 0',
      'Via: 1.1 somebody',
      'Authorization: Basic c2VjcmV0',
      'Cookie: id=c2VjcmV0',
      'Proxy-Authorization: Basic c2VjcmV0',
      'X-Api-Key: c2VjcmV0',
      'X-Auth-Token: c2VjcmV0',
      '',
      '',
    ].join('\r\n'),
    expect: (seen, _engine, front) => {
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('Content-Type: message/http');
      const version = front.client === 'HTTP/1.1' ? '1.1' : '2.0';
      expect(told(seen).map((text) => text.toLowerCase())).toEqual([
        `200 trace /x?y=%20 http/${version}\r\nhost: a\r\nmax-forwards: 0\r\nvia: 1.1 somebody\r\n\r\n`,
      ]);
    },
  },
  ...['OPTIONS', 'TRACE'].map((method) => ({
    name: `${method} with forwards left goes on`,
    methods: [method],
    play: `${method} /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: 3\r\n\r\n`,
    expect: (seen: Parameters<typeof told>[0]) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(arrived(seen).start).toBe(`${method} /x HTTP/1.1`);
    },
  })),
  {
    name: 'for any other method it means nothing',
    play: 'GET / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n',
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
]);
