import { expect } from 'vitest';
import type { Message } from '../support/wire/message-reader.ts';
import { normalMessage } from '../support/wire/normal.ts';
import type { OriginConnection } from '../support/wire/recording-origin.ts';
import { arrived, contract, type Scenario, told } from './contract.ts';
import type { Observation } from './stage.ts';

const POST = 'POST /b HTTP/1.1\r\nHost: a\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

/** Bytes of all values, so that whoever decodes or re-encodes them is found out. */
function bytes(length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) text += String.fromCharCode((i * 7 + (i >> 8)) & 0xff);
  return text;
}

function shown(body: string): string {
  return normalMessage({ start: '', headers: [], body, framing: 'none', trailers: [] }).body;
}

function echo({ body }: Message, connection: OriginConnection): void {
  connection.answer(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}

function echoChunked({ body }: Message, connection: OriginConnection): void {
  connection.answer(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${inChunks(body, 10_000)}`);
}

function inChunks(body: string, size: number, tail = '\r\n'): string {
  let text = '';
  for (let at = 0; at < body.length; at += size) {
    const piece = body.slice(at, at + size);
    text += `${piece.length.toString(16)}\r\n${piece}\r\n`;
  }
  return `${text}0\r\n${tail}`;
}

const SIZES = [0, 1, 2, 1023, 65_536, 1_048_576];

contract(
  'lengths',
  SIZES.map((size): Scenario => {
    const body = bytes(size);
    return {
      name: `${size} bytes both ways`,
      origins: [{ answer: echo }],
      play: `${POST}Content-Length: ${size}\r\n\r\n${body}`,
      expect: (seen) => {
        expect(arrived(seen).body).toBe(shown(body));
        expect(arrived(seen).framing).toBe(size === 0 ? 'none' : 'length');
        expect(told(seen)).toEqual([`200 ${shown(body)}`]);
        expect(seen.clients[0]?.answers[0]?.framing).toBe('length');
      },
    };
  }),
);

contract(
  'chunks',
  [
    ['of one byte', 'hello', inChunks('hello', 1)],
    ['none', '', '0\r\n\r\n'],
    ['with a quoted extension', 'hello', '5;a=1;b="x y"\r\nhello\r\n0;last\r\n\r\n'],
    ['in capitals and with zeros before', bytes(171), `00AB\r\n${bytes(171)}\r\n000\r\n\r\n`],
    ['with a trailer that nobody announced', 'hello', '5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'],
    ['of 64 KiB', bytes(200_000), inChunks(bytes(200_000), 65_536)],
    ['of 100 bytes, 1 MiB of them', bytes(1_048_576), inChunks(bytes(1_048_576), 100)],
    [
      'that look like requests',
      'GET /x HTTP/1.1\r\nHost: a\r\n\r\n',
      inChunks('GET /x HTTP/1.1\r\nHost: a\r\n\r\n', 17),
    ],
  ].map(
    ([name = '', body = '', coded = '']): Scenario => ({
      name,
      origins: [{ answer: echoChunked }],
      play: CHUNKED + coded,
      expect: (seen) => {
        expect(arrived(seen).body).toBe(shown(body));
        expect(arrived(seen).framing).toBe(body === '' ? 'none' : 'chunked');
        expect(told(seen)).toEqual([`200 ${shown(body)}`]);
        expect(seen.clients[0]?.answers[0]?.framing).toBe('chunked');
      },
    }),
  ),
);

contract('trailers of requests', [
  {
    name: 'go on, but for what only a head may say',
    play: `${CHUNKED}5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Forwarded-For: 192.0.2.66\r\nX_Real_IP: 192.0.2.66\r\nX-Sum: 2\r\n\r\n`,
    expect: (seen) => {
      expect(arrived(seen)).toMatchObject({ body: 'hello', trailers: ['X-Sum', '1', 'X-Sum', '2'] });
    },
  },
  {
    name: 'go out again with another attempt',
    origins: [{ answer: (_, to) => void to.socket.resetAndDestroy() }, {}],
    play: `${CHUNKED.replace('POST', 'PUT')}5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`,
    expect: (seen) => {
      for (const [request] of seen.origins) expect(request).toMatchObject({ body: 'hello', trailers: ['X-Sum', '1'] });
    },
  },
]);

contract(
  'methods with a body',
  ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'PROPFIND'].map((method) => ({
    name: method,
    play: `${method} /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`,
    methods: [method],
    expect: (seen) => {
      expect(arrived(seen)).toMatchObject({ start: `${method} /b HTTP/1.1`, body: 'hello', framing: 'length' });
      expect(told(seen)).toEqual([method === 'HEAD' ? '200 ' : '200 ok']);
    },
  })),
);

const answers200 = (seen: Observation, framing: string, body: string): void => {
  expect(told(seen)).toEqual([`200 ${body}`]);
  expect(seen.clients[0]?.answers[0]?.framing).toBe(framing);
};

contract('answers', [
  {
    name: 'trailers reach a client that speaks 1.1',
    origins: [
      {
        answer:
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n',
      },
    ],
    play: 'GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n',
    expect: (seen) => {
      answers200(seen, 'chunked', 'ok');
      expect(seen.clients[0]?.answers[0]?.trailers).toEqual(['X-Sum', '42']);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('Trailer: X-Sum');
      expect(arrived(seen).headers).toContain('te: trailers');
    },
  },
  {
    name: 'no length and the end of the connection: chunked for a client that speaks 1.1',
    origins: [{ answer: (_, to) => to.finish('HTTP/1.1 200 OK\r\n\r\nto the end') }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => {
      answers200(seen, 'chunked', 'to the end');
      expect(seen.clients[0]?.ending).toBe('open');
    },
  },
  {
    name: 'an origin that speaks 1.0 and closes to end',
    origins: [{ answer: (_, to) => to.finish('HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nto the end') }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => answers200(seen, 'chunked', 'to the end'),
  },
  {
    name: 'an origin that speaks 1.0 and gives a length',
    origins: [{ answer: (_, to) => to.finish('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok') }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => answers200(seen, 'length', 'ok'),
  },
  {
    name: 'HEAD with a length',
    origins: [{ answer: 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n' }],
    play: 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n',
    methods: ['HEAD', 'HEAD'],
    answers: 2,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ', '200 ']);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('content-length: 1234');
    },
  },
  {
    name: 'HEAD with a coding',
    origins: [{ answer: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' }],
    play: 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
    methods: ['HEAD'],
    expect: (seen) => expect(told(seen)).toEqual(['200 ']),
  },
  {
    name: '204',
    origins: [{ answer: 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n' }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => {
      expect(told(seen)).toEqual(['204 ']);
      expect(seen.clients[0]?.answers[0]?.headers.join()).not.toMatch(/content-length|transfer-encoding/);
    },
  },
  {
    name: '304 with a length',
    origins: [{ answer: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: "a"\r\n\r\n' }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: "a"\r\n\r\n',
    expect: (seen) => {
      expect(told(seen)).toEqual(['304 ']);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('content-length: 1234');
    },
  },
  {
    name: '205 with a body',
    origins: [{ answer: 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n' }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => expect(told(seen)).toEqual(['205 ']),
  },
  {
    name: 'the origin closes after its answer',
    origins: [{ answer: (_, to) => to.finish('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok') }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => {
      answers200(seen, 'length', 'ok');
      expect(seen.clients[0]?.ending).toBe('open');
    },
  },
]);

contract(
  'reasons',
  [
    ['a status that nobody knows, without a reason', '799 '],
    ['a reason of its own', '200 Fine, thanks'],
    ['a reason in UTF-8', '200 Sch\xc3\xb6n'],
    ['a reason that is no UTF-8', '200 Sch\xf6n'],
    ['no reason', '200 '],
    ['not even a space for it', '200'],
  ].map(
    ([name = '', line = '']): Scenario => ({
      name,
      origins: [{ answer: `HTTP/1.1 ${line}\r\nContent-Length: 2\r\n\r\nok` }],
      play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      expect: (seen) => {
        const { start, body } = seen.clients[0]?.answers[0] ?? {};
        expect(body).toBe('ok');
        expect([`HTTP/1.1 ${line}`, `HTTP/1.1 ${line} `]).toContain(start);
      },
    }),
  ),
);
