import { expect } from 'vitest';
import { contract, told } from './contract.ts';
import type { Observation } from './stage.ts';

const named = (name: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const get = (more = ''): string => `GET / HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody';
const SILENT = { answer: () => {} };
/** What endpoints were told of the time that is left, first tries first. */
const left = (seen: Observation): (string | undefined)[] =>
  seen.origins.flatMap((requests) =>
    requests.map(({ headers }) => headers.find((line) => /^x-time-left: /i.test(line))?.slice(13)),
  );

contract('deadlines', [
  {
    name: 'a request that is not answered within its time gets 504, its attempt is cancelled, and the endpoint that had all of it is to blame',
    origins: [SILENT],
    service: '    timeouts: { request: 800ms }',
    play: POST,
    methods: ['POST'],
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 504 Gateway Timeout: no endpoint answered within the time/);
      expect(seen.records).toEqual(['POST / 504 complete [aws first-byte-timeout 0]']);
    },
  },
  {
    name: 'it is over all tries: the second has what the first has left, and is not to blame for what that took',
    origins: [SILENT, SILENT],
    service: '    timeouts: { request: 900ms, patience: 600ms }',
    play: get(),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.records).toEqual(['GET / 504 complete [aws first-byte-timeout 0, gcp abandoned 0]']);
    },
  },
  {
    name: 'patience that nobody has set leaves half of the time to another endpoint',
    origins: [SILENT, { answer: named('gcp') }],
    service: '    timeouts: { request: 1s }',
    play: get(),
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 gcp']);
      expect(seen.records).toEqual(['GET / 200 complete [aws outpaced 0, gcp success 200]']);
    },
  },
  {
    name: 'an answer that has begun is broken off, and the endpoint that had answered is not to blame',
    origins: [{ answer: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf' }],
    service: '    timeouts: { request: 800ms }',
    play: async (stage) => {
      const client = await stage.client('GET');
      client.write(get());
      await client.ended();
    },
    expect: (seen) => {
      expect(seen.clients[0]?.ending).not.toBe('open');
      expect(seen.clients[0]?.answers).toEqual([]);
      expect(seen.records).toEqual(['GET / 200 broken [aws abandoned 200]']);
    },
  },
  {
    name: 'a client that is slow with its body has no more time than others, and no endpoint is to blame',
    origins: [SILENT],
    service: '    timeouts: { request: 600ms }',
    play: async (stage) => {
      const client = await stage.client('POST');
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo');
      await client.answered(1);
    },
    expect: (seen) => expect(seen.records).toEqual(['POST / 504 complete [aws abandoned 0]']),
  },
  {
    name: 'endpoints are told what is left, and not what a client says that nobody believes',
    service: '    timeouts: { request: 10s, request_header: X-Time-Left }',
    play: get('X-Time-Left: 5\r\n'),
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(seen.origins[0]?.[0]?.headers.filter((line) => /^x-time-left:/i.test(line))).toHaveLength(1);
    },
  },
  {
    name: 'a client that is believed may have less time, and nobody is to blame when that has passed',
    origins: [SILENT],
    service: '    timeouts: { request: 10s, request_header: X-Time-Left, request_header_from: always }',
    play: get('X-Time-Left: 600\r\n'),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.records).toEqual(['GET / 504 client-gone [aws abandoned 0]']);
    },
  },
  {
    name: 'but not more',
    origins: [SILENT],
    service: '    timeouts: { request: 600ms, request_header: X-Time-Left, request_header_from: always }',
    play: get('X-Time-Left: 60000\r\n'),
    expect: (seen) => expect(seen.records[0]).toMatch(/^GET \/ 504 complete/),
  },
  {
    name: 'trusted proxies are believed where strangers are not',
    edge: ', trust_proxies: [loopback]',
    origins: [SILENT],
    service: '    timeouts: { request: 10s, request_header: X-Time-Left, request_header_from: trusted }',
    play: get('X-Forwarded-For: 192.0.2.1\r\nX-Time-Left: 600\r\n'),
    expect: (seen) => expect(seen.records[0]).toMatch(/^GET \/ 504 client-gone/),
  },
  {
    name: 'what a client says is left out where there is no limit to tell of',
    service: '    timeouts: { request_header: X-Time-Left }',
    play: get('X-Time-Left: 600\r\n'),
    expect: (seen) => expect(left(seen)).toEqual([undefined]),
  },
  {
    name: 'no try begins that cannot end',
    origins: [{ answer: 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n' }, { answer: named('gcp') }],
    service: '    timeouts: { request: 10s, patience: off }',
    play: async (stage) => {
      // The second usually takes longer than the whole request may, so that no clock decides here.
      stage.rig.table.live.latencyMs[stage.rig.row('gcp')] = 60_000;
      const client = await stage.client('GET');
      client.write(get());
      await client.answered(1);
    },
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^503 /);
      expect(seen.origins[1]).toEqual([]);
    },
  },
  {
    name: 'an upgraded stream has no deadline, its request has',
    origins: [SILENT],
    service: '    timeouts: { request: 600ms }',
    play: get('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'),
    expect: (seen) => expect(told(seen)[0]).toMatch(/^504 /),
  },
  {
    name: 'a ladder ends at the deadline although it would wait longer for the endpoints',
    origins: [SILENT],
    service: `    timeouts: { request: 900ms }
    degraded: { primary_timeout: 150ms, wait: 10s }`,
    play: get(),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.records).toEqual(['GET / 504 complete [aws first-byte-timeout 0]']);
    },
  },
]);
