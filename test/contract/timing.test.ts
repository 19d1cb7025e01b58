import { expect } from 'vitest';
import { steadySleep } from '../support/steady-time.ts';
import type { Message } from '../support/wire/message-reader.ts';
import { OK, type OriginConnection } from '../support/wire/recording-origin.ts';
import { contract, type Scenario, told } from './contract.ts';
import type { Setting, Stage } from './stage.ts';

/** Three endpoints, of which the one in aws is the nearest for this client. */
const NEAR = 'Host: a\r\nX-Forwarded-For: 3.80.0.1\r\nRouting-Priority: latency\r\n';
const GET = `GET / HTTP/1.1\r\n${NEAR}\r\n`;
const named = (name: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const three = (first: NonNullable<Setting['origins']>[number], second = named('gcp')): Setting => ({
  edge: ', trust_proxies: [loopback]',
  origins: [first, { answer: second }, { answer: named('azure') }],
});
const after = (ms: number, bytes: string) => ({
  answer: async (_: Message, to: OriginConnection) => {
    await steadySleep(ms);
    if (!to.closed) to.answer(bytes);
  },
});

/** A client that takes its time over the body: a piece every 50 ms. */
async function slowly(stage: Stage, head: string, pieces: number): Promise<void> {
  const client = await stage.client();
  client.write(head);
  for (let i = 0; i < pieces; i += 1) {
    await steadySleep(50);
    client.write('piece');
  }
  await client.answered(1);
}

/** A contract whose every side goes by the steady clock. */
function timed(theme: string, scenarios: readonly Scenario[]): void {
  contract(
    theme,
    scenarios.map((one) => ({ ...one, steady: true })),
  );
}

const MIB = 1_048_576;
const upload = (method: string, more = ''): string =>
  `${method} / HTTP/1.1\r\n${NEAR}${more}Content-Length: 50\r\n\r\n`;

timed('a body that takes its time', [
  {
    name: 'the clock for a first byte starts when it has been sent',
    service: '    timeouts: { first_byte: 200ms, patience: 100ms }',
    ...three({ answer: OK }),
    play: (stage) => slowly(stage, upload('POST'), 10),
    expect: (seen) => expect(seen.records).toEqual(['POST / 200 complete [aws success 200]']),
  },
  {
    name: 'and it does start, also for one that has to wait for an endpoint that takes it slowly',
    service: '    timeouts: { first_byte: 200ms }',
    ...three({ answer: () => {} }),
    play: `${upload('POST').replace('Length: 50', `Length: ${MIB}`)}${'x'.repeat(MIB)}`,
    expect: (seen) => expect(seen.records).toEqual(['POST / 504 complete [aws first-byte-timeout 0]']),
  },
  {
    name: 'and so it does after 100 Continue',
    service: '    timeouts: { first_byte: 200ms, patience: 100ms }',
    ...three({ answer: OK }),
    play: (stage) => slowly(stage, upload('POST', 'Expect: 100-continue\r\n'), 10),
    expect: (seen) => expect(seen.records).toEqual(['POST / 200 complete [aws success 200]']),
  },
  {
    name: 'so does patience: a PUT is at one endpoint alone',
    service: '    timeouts: { patience: 100ms, patience_methods: [PUT] }',
    ...three({ answer: OK }),
    play: (stage) => slowly(stage, upload('PUT'), 10),
    expect: (seen) => {
      expect(seen.records).toEqual(['PUT / 200 complete [aws success 200]']);
      expect(seen.origins.map((requests) => requests.length)).toEqual([1, 0, 0]);
    },
  },
  {
    name: 'it is no time of the endpoint',
    ...three({ answer: OK }),
    play: async (stage) => {
      await slowly(stage, upload('POST'), 10);
      expect(stage.rig.records[0]?.attempts[0]?.firstByteMs).toBeLessThan(300);
      expect(stage.rig.block.firstByteSumMs[stage.rig.row('aws')]).toBeLessThan(300);
    },
    expect: (seen) => expect(seen.cells).toMatchObject({ 'first bytes': 1 }),
  },
  {
    name: 'a client that stops in the middle of it has left, and no endpoint is to blame',
    service: '    timeouts: { idle: 1s, first_byte: 100ms }',
    ...three({ answer: OK }),
    play: async (stage) => {
      const client = await stage.client();
      client.write(`${upload('POST')}piece`);
      await client.ended();
    },
    expect: (seen) => expect(seen.records).toEqual(['POST / 499 client-gone [aws abandoned 0]']),
  },
  {
    name: 'an answer that comes before its end is not broken off while it moves',
    service: '    timeouts: { idle: 1s }',
    ...three({
      head: (to) => to.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'),
      answer: (_, to) => to.answer('done'),
    }),
    play: async (stage) => {
      const client = await stage.client();
      client.write(upload('POST'));
      for (let i = 0; i < 10; i += 1) {
        await steadySleep(150);
        client.write('piece');
      }
      await client.answered(1);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 done']);
      expect(seen.records).toEqual(['POST / 200 complete [aws success 200]']);
    },
  },
]);

timed('patience', [
  {
    name: 'the first attempt races on, and wins if it is first',
    service: '    timeouts: { patience: 100ms }\n    retries: { attempts: 2 }',
    edge: ', trust_proxies: [loopback]',
    origins: [after(400, named('aws')), { answer: () => {} }, { answer: () => {} }],
    play: GET,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 aws']);
      expect(seen.records[0]).toMatch(/^GET \/ 200 complete \[aws success 200, gcp abandoned 0/);
      expect(seen.cells).toMatchObject({ success: 1, 'outcome success': 1 });
    },
  },
  {
    name: 'one that fails in a race leaves it to the other',
    service: '    timeouts: { patience: 100ms }\n    retries: { attempts: 2 }',
    edge: ', trust_proxies: [loopback]',
    origins: [
      {
        answer: async (_, to) => {
          await steadySleep(150);
          to.socket.resetAndDestroy();
        },
      },
      after(200, named('gcp')),
      { answer: named('azure') },
    ],
    play: GET,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 gcp']);
      expect(seen.records).toEqual(['GET / 200 complete [aws reset 0, gcp success 200]']);
    },
  },
  {
    name: 'the later one fails, and the first is still waited for',
    service: '    timeouts: { patience: 100ms }\n    retries: { attempts: 2 }',
    edge: ', trust_proxies: [loopback]',
    origins: [
      after(300, named('aws')),
      { answer: (_, to) => void to.socket.resetAndDestroy() },
      { answer: named('azure') },
    ],
    play: GET,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 aws']);
      expect(seen.records).toEqual(['GET / 200 complete [aws success 200, gcp reset 0]']);
    },
  },
  {
    name: 'when all of a race fail, the client gets the fault',
    service: '    timeouts: { patience: 100ms, first_byte: 400ms }\n    retries: { attempts: 2 }',
    edge: ', trust_proxies: [loopback]',
    origins: [{ answer: () => {} }, { answer: () => {} }, { answer: named('azure') }],
    play: GET,
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.records).toEqual(['GET / 504 complete [aws first-byte-timeout 0, gcp first-byte-timeout 0]']);
    },
  },
  ...(['PUT', 'DELETE'] as const).map(
    (method): Scenario => ({
      name: `a ${method} is never under way at two endpoints at once`,
      service: '    timeouts: { patience: 100ms }',
      ...three(after(400, named('aws'))),
      play: `${method} / HTTP/1.1\r\n${NEAR}Content-Length: 3\r\n\r\npay`,
      expect: (seen) => {
        expect(told(seen)).toEqual(['200 aws']);
        expect(seen.origins.map((requests) => requests.length)).toEqual([1, 0, 0]);
      },
    }),
  ),
  {
    name: 'a client that leaves after twice of it without a byte is a bad answer',
    service: '    timeouts: { patience: 100ms }\n    retries: { attempts: 1 }',
    ...three({ answer: () => {} }),
    play: async (stage) => {
      const client = await stage.client();
      client.write(GET);
      await steadySleep(400);
      client.socket.destroy();
    },
    expect: (seen) => {
      expect(seen.records).toEqual(['GET / 499 client-gone [aws unanswered 0]']);
      expect(seen.cells).toMatchObject({ error: 1, 'sli bad': 1, 'outcome unanswered': 1 });
    },
  },
]);
