import { expect } from 'vitest';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { steadySleep } from '../support/steady-time.ts';
import type { Message } from '../support/wire/message-reader.ts';
import { turns } from '../support/wire/raw-client.ts';
import { OK, type OriginConnection } from '../support/wire/recording-origin.ts';
import { contract, type Scenario, told } from './contract.ts';
import type { Setting, Stage } from './stage.ts';

/** Three endpoints, of which the one in aws is the nearest for this client. */
const NEAR = 'Host: a\r\nX-Forwarded-For: 3.80.0.1\r\nRouting-Priority: latency\r\n';
const GET = `GET / HTTP/1.1\r\n${NEAR}\r\n`;
const POST = `POST / HTTP/1.1\r\n${NEAR}Content-Length: 3\r\n\r\npay`;
const TRUSTING = { edge: ', trust_proxies: [loopback]' };

const named = (name: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const three = (first: NonNullable<Setting['origins']>[number]): Pick<Setting, 'origins' | 'edge'> => ({
  ...TRUSTING,
  origins: [first, { answer: named('gcp') }, { answer: named('azure') }],
});

async function ask(stage: Stage, bytes: string): Promise<void> {
  const client = await stage.client();
  client.write(bytes);
  await client.answered(1);
}

const resetAtOnce = { answer: (_: Message, to: OriginConnection) => void to.socket.resetAndDestroy() };
const endAtOnce = { answer: (_: Message, to: OriginConnection) => void to.socket.end() };
const unavailable = { answer: 'HTTP/1.1 503 Service Unavailable\r\nX-From: aws\r\nContent-Length: 4\r\n\r\nsick' };
const full = { answer: 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\nfull' };
const body = (bytes: number, method = 'PUT'): string =>
  `${method} / HTTP/1.1\r\n${NEAR}Content-Length: ${bytes}\r\n\r\n${'b'.repeat(bytes)}`;

contract('failing over', [
  {
    name: 'GET from one that has no room',
    ...three(full),
    play: GET,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 gcp']);
      expect(seen.records).toEqual(['GET / 200 complete [aws overloaded 503, gcp success 200]']);
    },
  },
  ...(['GET', 'POST'] as const).map(
    (method): Scenario => ({
      name: `${method} from one that refuses connections`,
      ...three({}),
      play: async (stage) => {
        await stage.origin.kill();
        await ask(stage, method === 'GET' ? GET : POST);
      },
      expect: (seen) => {
        expect(told(seen)).toEqual(['200 gcp']);
        expect(seen.records).toEqual([`${method} / 200 complete [aws connect-refused 0, gcp success 200]`]);
        expect(seen.cells).toMatchObject({ 'service retry': 1, success: 1 });
      },
    }),
  ),
  ...([resetAtOnce, endAtOnce] as const).flatMap((sick, i): Scenario[] => {
    const how = i === 0 ? 'resets' : 'ends';
    return [
      {
        name: `GET from one that ${how} the connection`,
        ...three(sick),
        play: GET,
        expect: (seen) => expect(told(seen)).toEqual(['200 gcp']),
      },
      {
        name: `POST stays with one that ${how} the connection: it may have been done`,
        ...three(sick),
        play: POST,
        expect: (seen) => {
          expect(told(seen)[0]).toMatch(/^502 /);
          expect(seen.clients[0]?.answers[0]?.headers).toContain(
            'Proxy-Status: meridian-test; error=connection_terminated',
          );
          expect(seen.origins.map((requests) => requests.length)).toEqual([1, 0, 0]);
        },
      },
    ];
  }),
  {
    name: 'GET from one that answers badly',
    ...three({ answer: (_, to) => to.finish('garbage\r\n\r\n') }),
    play: GET,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 gcp']);
      expect(seen.records).toEqual(['GET / 200 complete [aws bad-response 0, gcp success 200]']);
    },
  },
  {
    name: 'GET from a 503',
    ...three(unavailable),
    play: GET,
    expect: (seen) => expect(seen.records).toEqual(['GET / 200 complete [aws error-status 503, gcp success 200]']),
  },
  {
    name: 'POST gets the 503 as it is',
    ...three(unavailable),
    play: POST,
    expect: (seen) => {
      expect(told(seen)).toEqual(['503 sick']);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('X-From: aws');
    },
  },
  {
    name: 'when all say 503, the last is passed on',
    ...TRUSTING,
    origins: [unavailable, unavailable, unavailable],
    play: GET,
    expect: (seen) => {
      expect(told(seen)).toEqual(['503 sick']);
      expect(seen.origins.map((requests) => requests.length)).toEqual([1, 1, 1]);
    },
  },
  ...[0, 1, 60_000].map(
    (bytes): Scenario => ({
      name: `a PUT of ${bytes} bytes is sent again whole`,
      ...three(resetAtOnce),
      play: body(bytes),
      expect: (seen) => {
        expect(told(seen)).toEqual(['200 gcp']);
        expect(seen.origins[1]?.[0]?.body).toBe(seen.origins[0]?.[0]?.body);
      },
    }),
  ),
  {
    name: 'chunks are sent again whole',
    ...three(resetAtOnce),
    play: `PUT / HTTP/1.1\r\n${NEAR}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n`,
    expect: (seen) => expect(seen.origins[1]?.[0]?.body).toBe('hello!'),
  },
  {
    name: 'a PUT too large to be kept is not',
    ...three(resetAtOnce),
    service: '    retries: { buffer: 16KiB }',
    play: body(40_000),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^502 /);
      expect(seen.origins.map((requests) => requests.length)).toEqual([1, 0, 0]);
    },
  },
  {
    name: 'one that does not answer: 504 after the limit',
    ...TRUSTING,
    service: '    timeouts: { patience: off, first_byte: 100ms }\n    retries: { attempts: 1 }',
    origins: [{ answer: () => {} }],
    play: GET,
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.clients[0]?.answers[0]?.headers).toContain(
        'Proxy-Status: meridian-test; error=http_response_timeout',
      );
    },
  },
  {
    name: 'one that lets it wait loses the request after its patience',
    steady: true,
    ...three({ answer: () => {} }),
    service: '    timeouts: { patience: 100ms }',
    play: GET,
    expect: (seen) => expect(seen.records).toEqual(['GET / 200 complete [aws outpaced 0, gcp success 200]']),
  },
  {
    name: 'a POST waits on',
    steady: true,
    ...three({
      answer: async (_, to) => {
        await steadySleep(250);
        to.answer(OK);
      },
    }),
    service: '    timeouts: { patience: 100ms }',
    play: POST,
    expect: (seen) => expect(seen.records).toEqual(['POST / 200 complete [aws success 200]']),
  },
  {
    name: 'the budget bounds it',
    ...three({}),
    service: '    retries: { budget: 0%, budget_floor: 0 }',
    play: async (stage) => {
      await stage.origin.kill();
      await ask(stage, GET);
    },
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^502 /);
      expect(seen.cells).toMatchObject({ 'total retry-budget-exhausted': 1, error: 1 });
    },
  },
  {
    name: 'one that is drained is never tried',
    ...three({ answer: named('aws') }),
    play: async (stage) => {
      for (const cloud of ['aws', 'gcp']) stage.rig.table.live.drained[stage.rig.row(cloud)] = 1;
      await ask(stage, GET);
      stage.rig.table.live.drained[stage.rig.row('azure')] = 1;
      await ask(stage, GET);
    },
    expect: (seen) => {
      expect(seen.origins.map((requests) => requests.length)).toEqual([0, 0, 1]);
      const refused = seen.clients[1]?.answers[0];
      expect(refused?.start).toBe('HTTP/1.1 503 Service Unavailable');
      expect(refused?.headers).toContain('Retry-After: (random)');
      expect(refused?.headers).toContain('Proxy-Status: meridian-test; error=destination_unavailable');
    },
  },
  {
    name: 'with all down, panic tries them all the same',
    ...three({ answer: named('aws') }),
    service: '    breakers: { failures: 1 }',
    play: async (stage) => {
      await stage.origins[1]?.kill();
      await stage.origins[2]?.kill();
      for (const cloud of ['aws', 'gcp', 'azure']) {
        stage.rig.table.live.state[stage.rig.row(cloud)] = HEALTH_STATE.unhealthy;
      }
      await ask(stage, GET);
      expect(stage.rig.records[0]?.attempts.at(-1)?.panic).toBe(true);
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 aws']),
  },
]);

/** The origin closes its idle connection just as the next request goes out on it. */
const closesIdle: NonNullable<Setting['origins']>[number] = {
  answer: ({ start }, to) => {
    if (start.includes('/first')) to.answer(OK);
    else if (to.requests.length > 1) to.socket.resetAndDestroy();
    else to.answer(OK);
  },
};

contract('keep-alive races', [
  ...(['GET', 'PUT', 'POST'] as const).map(
    (method): Scenario => ({
      name: `${method} on a connection that the origin has just given up`,
      ...three(closesIdle),
      play: async (stage) => {
        await ask(stage, GET.replace('/', '/first'));
        await ask(stage, method === 'POST' ? POST : body(3, method));
      },
      expect: (seen) => {
        const second = seen.clients[1]?.answers[0];
        if (method === 'POST') expect(second?.start).toBe('HTTP/1.1 502 Bad Gateway');
        else expect(second?.body).toBe('ok');
        const outcome = method === 'POST' ? 'aws stale-connection 0' : 'aws success 200';
        expect(seen.records).toContain(`${method} / ${method === 'POST' ? 502 : 200} complete [${outcome}]`);
        expect(seen.cells).toMatchObject({ 'total stale-connection': 1 });
        expect(seen.cells['service retry']).toBeUndefined();
      },
    }),
  ),
  {
    name: 'a connection whose end has come is not used',
    origins: [
      {
        answer: async (_, to) => {
          to.answer(OK);
          await turns(3);
          to.socket.end();
        },
      },
    ],
    service: '    retries: { attempts: 1 }',
    play: async (stage) => {
      for (let i = 0; i < 10; i += 1) {
        await ask(stage, POST);
        await turns(10);
      }
    },
    expect: (seen) => expect(seen.clients.map(({ answers }) => answers[0]?.body)).toEqual(Array(10).fill('ok')),
  },
]);
