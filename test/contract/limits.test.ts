import { expect } from 'vitest';
import { contract, told } from './contract.ts';
import type { Observation, Stage } from './stage.ts';

const get = (from = '192.0.2.1', more = ''): string =>
  `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${from}\r\n${more}\r\n`;
const statuses = (seen: Observation): string[] =>
  seen.clients.flatMap(({ answers }) => answers.map(({ start }) => start.slice(9, 12)));
const field = (seen: Observation, client: number, name: string): string | undefined =>
  seen.clients[client]?.answers
    .at(-1)
    ?.headers.find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
const edge = ', trust_proxies: [loopback]';

async function ask(stage: Stage, ...requests: readonly string[]): Promise<void> {
  for (const bytes of requests) {
    const client = await stage.client(bytes.slice(0, bytes.indexOf(' ')));
    client.write(bytes);
    await client.answered(1);
  }
}

contract('limits', [
  {
    name: 'requests beyond the rate of a service get 429, with when to come back and what the limit is',
    edge,
    service: '    limits: { requests: 2/h }',
    play: (stage) => ask(stage, get('192.0.2.1'), get('192.0.2.2')),
    expect: (seen) => {
      expect(statuses(seen)).toEqual(['200', '429']);
      expect(field(seen, 1, 'Retry-After')).toBeDefined();
      expect(field(seen, 1, 'RateLimit-Policy')).toBe('"service";q=1;w=1800');
      expect(field(seen, 1, 'RateLimit')).toMatch(/^"service";r=0;t=1[78]\d\d$/);
      expect(field(seen, 1, 'Cache-Control')).toBe('no-store');
      expect(seen.origins.map((requests) => requests.length)).toEqual([1]);
      expect(seen.records.at(-1)).toContain(' 429 complete []');
    },
  },
  {
    name: 'a client has its own rate, and its connection goes on after a refusal',
    edge,
    service: '    limits: { per_client: { requests: 1/h, burst: 2 } }',
    play: async (stage) => {
      const client = await stage.client('GET', 'GET', 'GET', 'GET');
      client.write(get() + get() + get() + get('192.0.2.2'));
      await client.answered(4);
    },
    expect: (seen) => expect(statuses(seen)).toEqual(['200', '200', '429', '200']),
  },
  {
    name: 'a client is known by a header where it sends one, and by the network of its IPv6 address',
    edge,
    service: '    limits: { per_client: { requests: 1/h, header: X-Api-Key } }',
    play: (stage) =>
      ask(
        stage,
        get('192.0.2.1', 'X-Api-Key: one\r\n'),
        get('192.0.2.2', 'X-Api-Key: one\r\n'),
        get('192.0.2.1', 'X-Api-Key: two\r\n'),
        get('2001:db8::1'),
        get('2001:db8::2'),
        get('2001:db8:0:1::2'),
      ),
    expect: (seen) => expect(statuses(seen)).toEqual(['200', '429', '200', '200', '429', '200']),
  },
  {
    name: 'what one limit refuses uses up nothing of another',
    edge,
    service: '    limits: { requests: 2/h, burst: 2, per_client: { requests: 1/h } }',
    play: (stage) => ask(stage, get(), get(), get(), get('192.0.2.2'), get('192.0.2.3')),
    expect: (seen) => expect(statuses(seen)).toEqual(['200', '429', '429', '200', '429']),
  },
  {
    name: 'a client that has as many requests under way as it may gets 429, until one of them has ended',
    edge,
    origins: [{ answer: () => {} }],
    service: '    limits: { per_client: { concurrent: 1 } }',
    play: async (stage) => {
      const first = await stage.client('GET');
      first.write(get());
      await expect.poll(() => stage.origin.requests.length).toBe(1);
      await ask(stage, get());
      first.socket.destroy();
      await expect.poll(() => stage.rig.block.requestsNow[0]).toBe(0);
      const again = await stage.client('GET');
      again.write(get());
      await expect.poll(() => stage.origin.requests.length).toBe(2);
    },
    expect: (seen) => {
      expect(statuses(seen)).toEqual(['429']);
      expect(field(seen, 1, 'Retry-After')).toBeDefined();
    },
  },
  {
    name: 'a service that has as many requests under way as it takes',
    edge,
    origins: [{ answer: () => {} }],
    service: '    limits: { concurrent: 1 }',
    play: async (stage) => {
      const first = await stage.client('GET');
      first.write(get());
      await expect.poll(() => stage.origin.requests.length).toBe(1);
      await ask(stage, get('192.0.2.9'));
      first.socket.destroy();
      await expect.poll(() => stage.rig.table.live.limitHeld[0]).toBe(0);
      expect(stage.rig.block.limitHeld[0]).toBe(0);
    },
    expect: (seen) => expect(statuses(seen)).toEqual(['429']),
  },
  {
    name: 'a body that says it is too large is refused before any endpoint is asked',
    service: '    limits: { body: 10B }',
    play: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world',
    methods: ['POST'],
    expect: (seen, _engine, front) => {
      expect(told(seen)[0]).toMatch(/^413 413 Payload Too Large: the body of this request/);
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.clients[0]?.ending).toBe(front.client === 'HTTP/1.1' ? 'ended' : 'open');
    },
  },
  {
    name: 'one that just fits is taken',
    service: '    limits: { body: 10B, target: 3B }',
    play: 'POST /ab HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhelloworld',
    methods: ['POST'],
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
  {
    name: 'one in chunks is refused as soon as too much has come, and no endpoint is blamed',
    origins: [{ answer: () => {} }],
    service: '    limits: { body: 10B }',
    play: [
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      '6\r\n world\r\n',
      '0\r\n\r\n',
    ],
    methods: ['POST'],
    expect: (seen, _engine, front) => {
      expect(told(seen)[0]).toMatch(/^413 /);
      expect(seen.records).toEqual(['POST / 413 complete [aws abandoned 0]']);
      expect(seen.clients[0]?.ending).toBe(front.client === 'HTTP/1.1' ? 'ended' : 'open');
    },
  },
  {
    name: 'a target that is too long is 414, and the connection goes on',
    service: '    limits: { target: 8B }',
    play: async (stage) => {
      const client = await stage.client('GET', 'GET');
      client.write('GET /12345678 HTTP/1.1\r\nHost: a\r\n\r\nGET /1234567 HTTP/1.1\r\nHost: a\r\n\r\n');
      await client.answered(2);
    },
    expect: (seen) => expect(statuses(seen)).toEqual(['414', '200']),
  },
  {
    name: 'a head with too many fields, or of too many bytes, is 431, and the connection goes on',
    service: '    limits: { fields: 3, head: 100B }',
    play: async (stage) => {
      const client = await stage.client('GET', 'GET', 'GET', 'GET');
      client.write(
        `GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n` +
          `GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n` +
          // A hundred bytes, and one more.
          `GET / HTTP/1.1\r\nHost: a\r\nA: ${'x'.repeat(68)}\r\n\r\n` +
          `GET / HTTP/1.1\r\nHost: a\r\nA: ${'x'.repeat(69)}\r\n\r\n`,
      );
      await client.answered(4);
    },
    expect: (seen) => {
      expect(statuses(seen)).toEqual(['200', '431', '200', '431']);
      expect(seen.records.filter((line) => line.includes(' 431 '))).toEqual([
        'GET / 431 complete []',
        'GET / 431 complete []',
      ]);
    },
  },
  {
    name: 'a client that stops in the middle of its body is told 408 after the pause that it may make, and nobody is blamed',
    origins: [{ answer: () => {} }],
    service: '    limits: { body_pause: 150ms }',
    play: async (stage) => {
      const client = await stage.client('POST');
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
      await client.answered(1);
      if (stage.front.client === 'HTTP/1.1') await client.ended();
    },
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^408 408 Request Timeout: the body of this request did not come in time/);
      expect(seen.records).toEqual(['POST / 408 complete [aws abandoned 0]']);
    },
  },
  {
    name: 'one that goes on before that has all the time it takes',
    service: '    limits: { body_pause: 150ms }',
    play: async (stage) => {
      const client = await stage.client('POST');
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n');
      for (const byte of 'hello') {
        await new Promise((resolve) => setTimeout(resolve, 60));
        client.write(byte);
      }
      await client.answered(1);
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
]);
