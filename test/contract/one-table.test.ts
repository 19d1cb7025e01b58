import { expect } from 'vitest';
import { OK } from '../support/wire/recording-origin.ts';
import { arrived, contract, told } from './contract.ts';

/** What one table of fields and one grammar of answers say, on both engines and for upgrades. */
const get = (start: string, ...lines: string[]): string => `${[start, ...lines].join('\r\n')}\r\n\r\n`;
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-More: 1\r\nConnection: X-Mine\r\nX-Mine: 1\r\n\r\n';
const MORE = 'HTTP/1.1 104 Upload Resumption Supported\r\nUpload-Draft: 8\r\n\r\n';

contract('every interim answer', [
  {
    name: 'goes on with its fields, in order',
    origins: [{ answer: `HTTP/1.1 102 Processing\r\n\r\n${HINTS}${MORE}${OK}` }],
    play: get('GET / HTTP/1.1', 'Host: a'),
    expect: (seen) => {
      expect(told(seen)).toEqual(['102 ', '103 ', '104 ', '200 ok']);
      expect(seen.clients[0]?.answers[1]?.headers).toEqual(['Link: </a>', 'X-More: 1']);
      expect(seen.clients[0]?.answers[2]?.headers).toEqual(['Upload-Draft: 8']);
    },
  },
  {
    name: 'does not go to HTTP/1.0',
    origins: [{ answer: `${HINTS}${MORE}${OK}` }],
    play: get('GET / HTTP/1.0', 'Host: a'),
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
  {
    name: 'goes before a 101 too',
    origins: [{ answer: `${HINTS}HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x/1\r\n\r\n` }],
    play: async (stage) => {
      const client = await stage.client();
      client.write(get('GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: x/1'));
      await client.answered(1);
      client.socket.end();
      await client.ended();
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['103 ', '101 ']);
      expect(seen.clients[0]?.answers[0]?.headers).toEqual(['Link: </a>', 'X-More: 1']);
    },
  },
]);

contract('fields of requests', [
  {
    name: 'imitations reach nobody, from a trusted proxy either',
    edge: ', trust_proxies: [loopback]',
    play: get(
      'GET / HTTP/1.1',
      'Host: a',
      'X_Forwarded_For: 6',
      'x_real-ip: 6',
      'Content_Length: 6',
      'X.Forwarded.For: 6',
      'Proxy: 6',
      'X_Mine: 1',
    ),
    expect: (seen) => {
      expect(arrived(seen).headers.filter((line) => /_|X\.|^Proxy:/.test(line))).toEqual(['X_Mine: 1']);
    },
  },
  {
    name: 'Max-Forwards counts down',
    play: get('OPTIONS /x HTTP/1.1', 'Host: a', 'Max-Forwards: 3'),
    expect: (seen) => expect(arrived(seen).headers).toContain('Max-Forwards: 2'),
  },
]);

contract('answers over our own limit', [
  {
    name: 'open no breaker',
    service: '    retries: { attempts: 1 }\n    breakers: { failures: 2 }',
    origins: [
      {
        answer: ({ start }, to) =>
          start.startsWith('GET /large')
            ? to.finish(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\nContent-Length: 2\r\n\r\nok`)
            : to.answer(OK),
      },
    ],
    play: async (stage) => {
      const client = await stage.client();
      for (let i = 1; i <= 6; i += 1) {
        client.write(get('GET /large HTTP/1.1', 'Host: a'));
        await client.answered(i);
      }
      client.write(get('GET / HTTP/1.1', 'Host: a'));
      await client.answered(7);
    },
    expect: (seen) => {
      expect(told(seen).map((line) => line.slice(0, 3))).toEqual(['502', '502', '502', '502', '502', '502', '200']);
      expect(seen.records.at(-1)).not.toMatch(/panic/);
      expect(seen.cells).toMatchObject({ 'outcome success': 1, 'outcome abandoned': 6 });
    },
  },
]);
