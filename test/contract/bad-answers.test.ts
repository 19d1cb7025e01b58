import { expect } from 'vitest';
import { turns } from '../support/wire/raw-client.ts';
import { OK } from '../support/wire/recording-origin.ts';
import { contract, type Scenario, told } from './contract.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const ONCE = { service: '    retries: { attempts: 1 }' };
const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';

/** Answers that nobody can be sure of: a 502, and their connection is not used again. */
const BAD: readonly (readonly [name: string, bytes: string])[] = [
  ['no HTTP', 'not http at all\r\n\r\n'],
  ['a request', 'GET / HTTP/1.1\r\n\r\n'],
  ['HTTP/2.0', 'HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a length beside chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['chunks beside a length', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok'],
  ['two lengths by case', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\nok'],
  ['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok'],
  ['an empty length', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nX\r\nContent-Length: 2\r\n\r\nok'],
  ['a space before a colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok'],
  ['a NUL in a value', 'HTTP/1.1 200 OK\r\nX: \0\r\nContent-Length: 2\r\n\r\nok'],
  ['a bare CR in a value', 'HTTP/1.1 200 OK\r\nX: 1\rSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok'],
  ['a head of 80,000 bytes', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(80_000)}\r\nContent-Length: 2\r\n\r\nok`],
  ['a head that breaks off', 'HTTP/1.1 200 OK\r\nContent-Le'],
];

contract(
  'bad answers',
  BAD.map(([name, bytes]): Scenario => {
    let sick = true;
    return {
      name,
      ...ONCE,
      origins: [
        {
          answer: (_, to) => {
            // A second answer behind it waits for whoever is next.
            if (sick) to.write(bytes + (name.endsWith('breaks off') ? '' : POISON));
            else to.answer(OK);
            if (name.endsWith('breaks off')) to.socket.end();
            sick = !sick;
          },
        },
      ],
      play: async (stage) => {
        sick = true;
        const client = await stage.client();
        client.write(GET);
        await client.answered(1);
        client.write(GET);
        await client.answered(2);
      },
      expect: (seen) => {
        expect(told(seen)[0]).toMatch(/^502 /);
        expect(told(seen)[1]).toBe('200 ok');
        expect(seen.records).toHaveLength(2);
        const error = name.endsWith('breaks off') ? 'connection_terminated' : 'http_protocol_error';
        const said = `Proxy-Status: meridian-test; error=${error}`;
        expect(seen.clients[0]?.answers[0]?.headers).toContain(said);
      },
    };
  }),
);

/** They begin well, so the client has a part of them: that it is a part must show. */
const CUT: readonly (readonly [name: string, bytes: string])[] = [
  ['a length that is not reached', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'],
  ['chunks without an end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ['a chunk that is cut', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\npart'],
  ['trailers that are cut', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n0\r\nX-T: 1'],
  ['a bad chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\nxyz\r\n'],
  ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npartial\r\n0\r\n\r\n'],
];

contract(
  'answers that break off',
  CUT.flatMap(([name, bytes]) =>
    (['end', 'reset'] as const).map(
      (how): Scenario => ({
        name: `${name}, and the connection's ${how}`,
        origins: [
          {
            answer: async (_, to) => {
              to.write(bytes);
              await turns(10);
              if (how === 'end') to.socket.end();
              else to.socket.resetAndDestroy();
            },
          },
        ],
        play: GET,
        expect: (seen) => {
          expect(seen.origins[0]).toHaveLength(1);
          // What is broken in the same piece as its head is no answer yet.
          if (/bad chunk|longer than/.test(name)) {
            expect(seen.clients[0]?.answers.map(({ start }) => start)).toEqual(['HTTP/1.1 502 Bad Gateway']);
            expect(seen.records[0]).toMatch(/ 502 complete \[aws bad-response 0\]$/);
            return;
          }
          expect(seen.clients[0]?.answers).toEqual([]);
          expect(seen.clients[0]?.ending).toBe('broken');
          expect(seen.records[0]).toMatch(/ 200 broken \[aws (?:reset|bad-response) 200\]$/);
          expect(seen.cells).toMatchObject({ 'sli bad': 1, 'total body-broken': 1, error: 1 });
        },
      }),
    ),
  ),
);

contract('answers that break off', [
  {
    name: 'to a client that reads to the end: reset, or it would take them for whole',
    origins: [
      {
        answer: async (_, to) => {
          to.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n');
          await turns(10);
          to.socket.end();
        },
      },
    ],
    play: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    expect: (seen) => expect(seen.clients[0]).toMatchObject({ answers: [], ending: 'broken' }),
  },
]);

/** An endpoint that sends what nobody asked for, on a connection that nobody waits on. */
contract('queue poisoning', [
  {
    name: 'a second answer behind the first reaches nobody',
    origins: [{ answer: (request, to) => to.answer(request.start.startsWith('GET /1') ? OK + POISON : OK) }],
    play: async (stage) => {
      const client = await stage.client();
      client.write(GET.replace('/', '/1'));
      await client.answered(1);
      client.write(GET);
      await client.answered(2);
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 ok', '200 ok']),
  },
  {
    name: 'nor does one that comes while the connection is idle',
    play: async (stage) => {
      const client = await stage.client();
      client.write(GET);
      await client.answered(1);
      stage.origin.connections[0]?.write(POISON);
      await turns(10);
      client.write(GET);
      await client.answered(2);
      expect(stage.origin.connections[0]?.requests).toHaveLength(1);
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 ok', '200 ok']),
  },
  {
    name: 'nor one that comes before the request has ended',
    origins: [{ connected: (to, nth) => nth === 0 && to.write(POISON) }],
    play: async (stage) => {
      const client = await stage.client();
      client.write(GET);
      await client.answered(1);
    },
    expect: (seen) => expect(told(seen)[0]).toMatch(/^(?:200 (?:ok|poison)|502 .*)/),
  },
  {
    name: 'bytes behind an answer without a body',
    origins: [
      {
        answer: ({ start }, to) =>
          to.answer(
            start.startsWith('HEAD') ? `HTTP/1.1 200 OK\r\nContent-Length: ${POISON.length}\r\n\r\n${POISON}` : OK,
          ),
      },
    ],
    play: async (stage) => {
      const client = await stage.client('HEAD', 'GET');
      client.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
      await client.answered(1);
      await turns(10);
      client.write(GET);
      await client.answered(2);
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 ', '200 ok']),
  },
  {
    name: 'bytes behind a 204 and a 304',
    origins: [
      {
        answer: ({ start }, to) => {
          if (start.startsWith('GET /204')) to.answer(`HTTP/1.1 204 No Content\r\n\r\n${POISON}`);
          else if (start.startsWith('GET /304')) to.answer(`HTTP/1.1 304 Not Modified\r\n\r\n${POISON}`);
          else to.answer(OK);
        },
      },
    ],
    play: async (stage) => {
      const client = await stage.client();
      for (const [i, path] of ['/204', '/1', '/304', '/2'].entries()) {
        client.write(GET.replace('/', path));
        await client.answered(i + 1);
        await turns(10);
      }
    },
    expect: (seen) => expect(told(seen)).toEqual(['204 ', '200 ok', '304 ', '200 ok']),
  },
]);
