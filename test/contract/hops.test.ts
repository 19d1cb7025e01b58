import { expect } from 'vitest';
import { valuesOf } from '../support/wire/message-reader.ts';
import { OK, type OriginConnection } from '../support/wire/recording-origin.ts';
import { arrived, contract, refusedWith, type Scenario, told } from './contract.ts';
import type { Engine, Front } from './engines.ts';
import type { Observation } from './stage.ts';

const get = (...lines: string[]): string =>
  `GET / HTTP/1.1\r\nHost: a\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const answer = (...lines: string[]): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\nok`;
const TRUSTING = { edge: ', trust_proxies: [loopback]' };

contract('hop-by-hop', [
  {
    name: 'what is for this hop goes no further than this edge',
    play: get(
      'Connection: keep-alive, X-Mine , ,x-other',
      'X-Mine: 1',
      'X-Other: 1',
      'x-other: 2',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: keep-alive',
      'Proxy-Authorization: secret',
      'TE: gzip, trailers',
      'Trailer: X-T',
      'X-Kept: 1',
    ),
    expect: (seen, _engine, front) => {
      const { headers } = arrived(seen);
      expect(headers.join('\n')).not.toMatch(/x-mine|x-other|keep-alive|proxy-|gzip|trailer:/i);
      expect(headers).toContain('X-Kept: 1');
      if (front.origin === 'HTTP/1.1') expect(headers).toContain('connection: te');
      expect(headers).toContain('te: trailers');
    },
  },
  {
    name: 'and so it is with answers',
    origins: [
      {
        answer: answer(
          'Connection: X-Secret, keep-alive',
          'X-Secret: 1',
          'Keep-Alive: timeout=5, max=100',
          'Proxy-Authenticate: Basic',
          'Proxy-Connection: close',
          'Upgrade: h2c',
          'X-Kept: 1',
        ),
      },
    ],
    play: get(),
    expect: (seen) => {
      const { headers = [] } = seen.clients[0]?.answers[0] ?? {};
      expect(headers.join('\n')).not.toMatch(/secret|timeout=5|proxy-|upgrade/i);
      expect(headers).toContain('X-Kept: 1');
      expect(seen.clients[0]?.ending).toBe('open');
    },
  },
  {
    name: 'Connection cannot name the length away',
    origins: [{ answer: answer('Connection: Content-Length') }],
    play: 'POST / HTTP/1.1\r\nHost: a\r\nConnection: content-length, host\r\nContent-Length: 2\r\n\r\nhi',
    expect: (seen) => {
      expect(arrived(seen)).toMatchObject({ body: 'hi', framing: 'length' });
      expect(arrived(seen).headers).toContain('host: a');
      expect(told(seen)).toEqual(['200 ok']);
    },
  },
  {
    name: 'Connection cannot name away what this edge says',
    play: get('Connection: X-Forwarded-For, Via, X-Request-Id, X-Forwarded-Proto'),
    expect: (seen) => {
      const names = arrived(seen).headers.map((line) => line.split(':')[0]);
      expect(names).toEqual(expect.arrayContaining(['X-Forwarded-For', 'X-Forwarded-Proto', 'Via', 'X-Request-Id']));
    },
  },
  {
    name: 'no TE, no TE',
    play: get('TE: gzip;q=0.5'),
    expect: (seen) => expect(arrived(seen).headers.join()).not.toMatch(/te:/),
  },
  {
    name: 'repeated headers stay repeated, in order and spelling',
    origins: [{ answer: answer('Set-Cookie: a=1', 'set-cookie: b=2', 'X-One: 1', 'X-ONE: 2', 'x-empty:') }],
    play: get('X-Two: 1', 'Cookie: a', 'X-tWO: 2', 'Cookie: b', 'Authorization: x', 'Authorization: y', 'x-empty:'),
    expect: (seen) => {
      expect(arrived(seen).headers.filter((line) => /^(?:x-two|cookie|auth|x-empty)/i.test(line))).toEqual([
        'Authorization: x',
        'Authorization: y',
        'Cookie: a',
        'Cookie: b',
        'x-empty: ',
        'X-Two: 1',
        'X-tWO: 2',
      ]);
      const { headers = [] } = seen.clients[0]?.answers[0] ?? {};
      expect(headers.filter((line) => /^(?:set-|x-one|x-empty)/i.test(line))).toEqual([
        'Set-Cookie: a=1',
        'set-cookie: b=2',
        'x-empty: ',
        'X-One: 1',
        'X-ONE: 2',
      ]);
    },
  },
  {
    name: 'bytes above ASCII in values, and spaces around them',
    origins: [{ answer: answer('X-A:  caf\xe9 \xff\t') }],
    play: get('X-A: \t caf\xe9 \xff  ', 'X-B:\ttab\tinside'),
    expect: (seen) => {
      expect(arrived(seen).headers).toContain('X-A: caf\xe9 \xff');
      expect(arrived(seen).headers).toContain('X-B: tab\tinside');
      expect(seen.clients[0]?.answers[0]?.headers).toContain('X-A: caf\xe9 \xff');
    },
  },
  {
    name: 'names that objects have already',
    play: get('__proto__: x', 'constructor: y', 'hasOwnProperty: z', 'toString: t'),
    expect: (seen) => {
      expect(arrived(seen).headers).toEqual(
        expect.arrayContaining(['__proto__: x', 'constructor: y', 'hasOwnProperty: z', 'toString: t']),
      );
    },
  },
]);

const FORWARDING = [
  'X-Forwarded-For: 203.0.113.9',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: said.example',
  'X-Forwarded-Port: 444',
  'X-Forwarded-Prefix: /p',
  'X-Real-IP: 203.0.113.9',
  'Forwarded: for=203.0.113.9',
  'X-Request-Id: abc-1',
];
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
const forwarding = (headers: readonly string[]): string[] =>
  headers.filter((line) => /^(?:x-forwarded|forwarded|x-real|x-request)/i.test(line));

contract('forwarding', [
  {
    name: 'a stranger cannot say where it comes from',
    play: get(...FORWARDING),
    expect: (seen) => {
      expect(forwarding(arrived(seen).headers)).toEqual([
        'X-Forwarded-For: 127.0.0.1',
        'X-Forwarded-Host: a',
        'X-Forwarded-Proto: http',
        'X-Request-Id: (random)',
      ]);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('X-Request-Id: (random)');
    },
  },
  {
    name: 'a trusted proxy can, and is added to',
    ...TRUSTING,
    play: get(...FORWARDING),
    expect: (seen) => {
      expect(forwarding(arrived(seen).headers)).toEqual([
        'Forwarded: for=203.0.113.9',
        'X-Forwarded-For: 203.0.113.9, 127.0.0.1',
        'X-Forwarded-Host: said.example',
        'X-Forwarded-Port: 444',
        'X-Forwarded-Prefix: /p',
        'X-Forwarded-Proto: https',
        'X-Real-IP: 203.0.113.9',
        'X-Request-Id: abc-1',
      ]);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('X-Request-Id: abc-1');
    },
  },
  {
    name: 'lists that come in several headers become one',
    ...TRUSTING,
    play: get('X-Forwarded-For: 203.0.113.9', 'X-Forwarded-For: 203.0.113.10', 'Via: 1.0 a', 'Via: 1.1 b'),
    expect: (seen) => {
      expect(arrived(seen).headers).toContain('X-Forwarded-For: 203.0.113.9, 203.0.113.10, 127.0.0.1');
      expect(arrived(seen).headers.join('\n')).toMatch(/^Via: 1\.0 a, 1\.1 b, (?:1\.1|2\.0) meridian-test$/m);
    },
  },
  {
    name: 'an id that is not safe is replaced',
    ...TRUSTING,
    play: get('X-Request-Id: <b>'),
    expect: (seen) => expect(arrived(seen).headers).toContain('X-Request-Id: (random)'),
  },
  {
    name: 'a trace is passed on as it came, and begun where there is none',
    play: get(`TraceParent: ${TRACE}`, 'tracestate: a=b'),
    expect: (seen) => {
      expect(arrived(seen).headers).toEqual(expect.arrayContaining([`traceparent: ${TRACE}`, 'tracestate: a=b']));
    },
  },
  {
    name: 'a trace that is none, or several, is begun anew',
    play: get(`traceparent: ${TRACE}`, `traceparent: ${TRACE}`),
    expect: (seen) => {
      expect(arrived(seen).headers.filter((line) => line.startsWith('traceparent'))).toEqual([]);
    },
  },
  {
    name: 'the id is said once, whoever says it',
    origins: [{ answer: answer('X-Request-Id: theirs') }],
    play: get(),
    expect: (seen) =>
      expect(seen.clients[0]?.answers[0]?.headers.filter((line) => line.startsWith('X-Req'))).toEqual([
        'X-Request-Id: (random)',
      ]),
  },
  {
    name: 'a loop is answered 508',
    play: get('Via: 1.1 x, 1.1 meridian-test'),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^508 /);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('Proxy-Status: meridian-test; error=proxy_loop_detected');
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.cells).toEqual({ 'total loop': 1 });
    },
  },
  {
    name: 'a host that no service has is answered 404',
    service: '    match: { hosts: [shop.example], prefix: /api }',
    play: get(),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^404 /);
      expect(seen.clients[0]?.answers[0]?.headers).toContain(
        'Proxy-Status: meridian-test; error=destination_not_found',
      );
      expect(seen.clients[0]?.ending).toBe('open');
      expect(seen.origins.flat()).toEqual([]);
    },
  },
]);

const HTTP10 = 'GET / HTTP/1.0\r\nHost: a\r\n';

contract('HTTP/1.0 clients', [
  {
    name: 'the connection is closed after the answer',
    play: `${HTTP10}\r\n`,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(seen.clients[0]?.ending).toBe('ended');
      expect(arrived(seen).start).toBe('GET / HTTP/1.1');
      expect(arrived(seen).headers).toContain('Via: 1.0 meridian-test');
    },
  },
  {
    name: 'it is kept when they ask for it and the answer has a length',
    play: async (stage) => {
      const client = await stage.client();
      client.write(`${HTTP10}Connection: keep-alive\r\n\r\n`);
      await client.answered(1);
      expect(valuesOf(client.answers[0]?.headers ?? [], 'connection')).toEqual(['keep-alive']);
      client.write(`${HTTP10}Connection: keep-alive\r\n\r\n`);
      await client.answered(2);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok', '200 ok']);
      expect(seen.clients[0]?.ending).toBe('open');
    },
  },
  {
    name: 'no chunks for them',
    origins: [{ answer: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n' }],
    play: `${HTTP10}Connection: keep-alive\r\n\r\n`,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(seen.clients[0]).toMatchObject({ ending: 'ended', answers: [{ framing: 'to-end' }] });
    },
  },
  {
    name: 'no interim answers for them',
    origins: [{ answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${answer()}` }],
    play: `${HTTP10}Expect: 100-continue\r\n\r\n`,
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
  {
    name: 'without a Host',
    play: 'GET / HTTP/1.0\r\n\r\n',
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(arrived(seen).headers.filter((line) => line.startsWith('host:'))).toEqual(['host: (origin)']);
      expect(arrived(seen).headers.join()).not.toMatch(/forwarded-host/i);
    },
  },
]);

contract(
  'closing',
  ['close', 'Close', 'x, close', 'keep-alive, close'].map(
    (value): Scenario => ({
      name: `a client that says ${value} is closed after its answer`,
      play: get(`Connection: ${value}`),
      expect: (seen) => {
        expect(told(seen)).toEqual(['200 ok']);
        expect(seen.clients[0]?.ending).toBe('ended');
        expect(seen.clients[0]?.answers[0]?.headers).toContain('connection: close');
        expect(arrived(seen).headers.join()).not.toMatch(/close/i);
      },
    }),
  ),
);

contract('interim answers', [
  {
    name: 'Expect: 100-continue, at an origin that says nothing to it: the body is asked for after a second',
    play: async (stage) => {
      const client = await stage.client();
      client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n');
      await client.until('100', ({ messages }) => messages.length > 0);
      client.write('hello');
      await client.answered(1);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['100 ', '200 ok']);
      expect(arrived(seen).body).toBe('hello');
      expect(arrived(seen).headers).toContain('Expect: 100-continue');
    },
  },
  {
    name: 'Expect: 100-continue is the origin’s to answer, once',
    origins: [{ head: (to) => to.write('HTTP/1.1 100 Continue\r\n\r\n'), answer: OK }],
    play: async (stage) => {
      const client = await stage.client();
      client.write('PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n');
      await client.until('100', ({ messages }) => messages.length > 0);
      client.write('5\r\nhello\r\n0\r\n\r\n');
      await client.answered(1);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['100 ', '200 ok']);
      expect(arrived(seen)).toMatchObject({ body: 'hello', framing: 'chunked' });
    },
  },
  ...['Content-Length: 5', 'Transfer-Encoding: chunked'].map((framing) => ({
    name: `Expect: 100-continue with ${framing} is refused without a body`,
    origins: [
      {
        head: (to: OriginConnection) =>
          to.finish('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nWWW-Authenticate: Basic\r\n\r\nno'),
        answer: OK,
      },
    ],
    play: `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n${framing}\r\n\r\n`,
    expect: (seen: Observation, _engine: Engine, front: Front) => {
      expect(told(seen)).toEqual(['401 no']);
      const { headers = [] } = seen.clients[0]?.answers[0] ?? {};
      expect(headers).toContain('WWW-Authenticate: Basic');
      expect(headers.includes('connection: close')).toBe(front.client === 'HTTP/1.1');
      expect(seen.records).toEqual(['POST / 401 complete [aws success 401]']);
    },
  })),
  {
    name: 'Expect with a body that does not wait',
    play: 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
    expect: (seen) => {
      expect(told(seen).at(-1)).toBe('200 ok');
      expect(arrived(seen).body).toBe('hello');
    },
  },
  {
    name: 'an expectation that nobody knows',
    play: get('Expect: a-miracle'),
    expect: refusedWith(417),
  },
  {
    name: 'hints are passed on',
    origins: [{ answer: `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${answer()}` }],
    play: get(),
    expect: (seen) => {
      expect(told(seen)).toEqual(['103 ', '200 ok']);
      expect(seen.clients[0]?.answers[0]?.headers).toEqual(['Link: </a.css>; rel=preload']);
    },
  },
  {
    name: 'an unasked 102',
    origins: [{ answer: `HTTP/1.1 102 Processing\r\n\r\n${answer()}` }],
    play: get(),
    expect: (seen) => expect(told(seen).at(-1)).toBe('200 ok'),
  },
  {
    name: 'an unasked 100 Continue',
    origins: [{ answer: `HTTP/1.1 100 Continue\r\n\r\n${answer()}` }],
    play: get(),
    expect: (seen) => expect(told(seen).at(-1)).toBe('200 ok'),
  },
]);
