import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import type { Rig } from '../support/bare-rig.ts';
import { type H2OriginOptions, startH2Origin } from '../support/h2-origin.ts';
import { h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

/** An endpoint that has said what its answer is, and now says something whenever it is told to. */
type Speaker = { readonly port: number; readonly say: (text: string) => void; readonly end: () => void };

async function overHttp1(type: string): Promise<Speaker> {
  let answer: ServerResponse | undefined;
  const { port } = await startOrigin('events', (_, response) => {
    answer = response;
    response.writeHead(200, { 'content-type': type });
    response.flushHeaders();
  });
  return { port, say: (text) => void answer?.write(text), end: () => void answer?.end() };
}

async function overHttp2(type: string): Promise<Speaker> {
  let answer: ServerHttp2Stream | undefined;
  const { port } = await startH2Origin({
    answer: (stream) => {
      answer = stream;
      stream.respond({ ':status': 200, 'content-type': type });
    },
  });
  return { port, say: (text) => void answer?.write(text), end: () => void answer?.end() };
}

type Answer = { readonly status: unknown; readonly type: unknown; readonly body: Readable };

/** Asks by HTTP/1.1; resolves when the head has come. */
async function byHttp1(rig: Rig): Promise<Answer> {
  const request = get({ port: rig.port, path: '/events', agent: false });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('error', () => {});
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer };
}

/** Waits until it is no more, however that comes. */
function closeOf(body: Readable): Promise<void> {
  body.on('error', () => {});
  return new Promise((resolve) => void body.once('close', () => resolve()));
}

const ORIGINS = [
  ['HTTP/1.1', overHttp1, ''],
  ['HTTP/2', overHttp2, ', protocol: h2c'],
] as const;
const CLIENTS = ['HTTP/1.1', 'HTTP/2'] as const;
const LADDER = '    degraded: { primary_timeout: 2s, cache: { fresh_for: 1h, stale_if_error: 1h } }';
const FRONTS = [
  ['the accelerator', 'on', ''],
  ['the general engine', 'off', ''],
  ['a ladder', 'on', LADDER],
] as const;

type Given = { readonly protocol: string; readonly accelerator: string; readonly service: string };

/** An edge before an origin, and the answer of that origin as it is seen through it. */
async function through(client: (typeof CLIENTS)[number], port: number, { protocol, accelerator, service }: Given) {
  const yaml = h2Yaml([port], service, `accelerator: ${accelerator},`).replace(/" }$/m, `"${protocol} }`);
  if (client === 'HTTP/1.1') {
    const rig = await startRig(yaml);
    return { rig, answer: await byHttp1(rig) };
  }
  const rig = await startH2Rig(yaml);
  const stream = rig.connect().request({ ':path': '/events', accept: 'text/event-stream' });
  stream.on('error', () => {});
  const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
  return { rig, answer: { status: head[':status'], type: head['content-type'], body: stream } };
}

describe.each(CLIENTS.flatMap((client) => ORIGINS.map((origin) => [client, ...origin] as const)))(
  'events to a client of %s from an endpoint of %s',
  (client, _, speak, protocol) => {
    test.each(FRONTS)('come one by one, as they are said, through %s', async (_front, accelerator, service) => {
      const speaker = await speak('text/event-stream');
      // The head does not wait for a first event.
      const { rig, answer } = await through(client, speaker.port, { protocol, accelerator, service });
      expect(answer).toMatchObject({ status: 200, type: 'text/event-stream' });
      answer.body.setEncoding('utf8');
      for (let i = 0; i < 5; i += 1) {
        const event = `data: ${i}\n\n`;
        const came = once(answer.body, 'data');
        speaker.say(event);
        expect(await came).toEqual([event]);
      }
      speaker.end();
      await once(answer.body.resume(), 'end');
      await expect.poll(() => rig.records[0]).toMatchObject({ status: 200, how: 'complete' });
    });

    test('may rest for `stream`, not for longer, through each of them', () =>
      Promise.all(FRONTS.map(([, accelerator, service]) => rests(accelerator, service))));

    async function rests(accelerator: string, service: string): Promise<void> {
      const speaker = await speak('text/event-stream; charset=utf-8');
      const timeouts = '    timeouts: { connect: 100ms, first_byte: 500ms, idle: 1s, stream: 2s }';
      const given = { protocol, accelerator, service: `${service}\n${timeouts}\n    retries: { attempts: 1 }` };
      const { rig, answer } = await through(client, speaker.port, given);
      answer.body.setEncoding('utf8');
      const heard = vi.fn();
      answer.body.on('data', heard);
      const closed = closeOf(answer.body);
      speaker.say('data: 0\n\n');
      await expect.poll(() => heard.mock.calls.length).toBe(1);
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      speaker.say('data: 1\n\n');
      await expect.poll(() => heard.mock.calls.length).toBe(2);
      await closed;
      expect(performance.now() - began).toBeGreaterThan(3400);
      await expect.poll(() => rig.records[0]).toMatchObject({ status: 200, how: 'broken' });
    }
  },
);

describe.each(CLIENTS)('a ladder and event streams, for clients of %s', (client) => {
  test.each([
    ['on', 'HTTP/1.1'],
    ['off', 'HTTP/1.1'],
    ['on', 'HTTP/2'],
  ] as const)(
    'one is never kept, and nobody waits for another’s (accelerator %s, endpoint of %s)',
    async (accelerator, origin) => {
      const said: { readonly end: (text: string) => void }[] = [];
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'public, max-age=600' };
      const { port } =
        origin === 'HTTP/1.1'
          ? await startOrigin('events', (_, response) => {
              response.writeHead(200, headers).flushHeaders();
              said.push(response);
            })
          : await startH2Origin({
              answer: (stream) => {
                stream.respond({ ':status': 200, ...headers });
                said.push(stream);
              },
            });
      const protocol = origin === 'HTTP/2' ? ', protocol: h2c' : '';
      const yaml = h2Yaml([port], LADDER, `accelerator: ${accelerator},`).replace(/" }$/m, `"${protocol} }`);
      const ask = await askerOf(client, yaml);
      // The second is asked for while the first is being said, the third when both have been.
      const [first, second] = [await ask(), await ask()];
      expect(said).toHaveLength(2);
      said[0]?.end('data: first\n\n');
      said[1]?.end('data: second\n\n');
      expect([await textOf(first.body), await textOf(second.body)]).toEqual(['data: first\n\n', 'data: second\n\n']);
      const third = await ask();
      expect(said).toHaveLength(3);
      said[2]?.end('data: third\n\n');
      expect(await textOf(third.body)).toBe('data: third\n\n');
      for (const { cache } of [first, second, third]) expect(cache).not.toMatch(/stored|hit|collapsed/);
    },
  );
});

type Events = { readonly cache: string; readonly body: Readable };

/** An edge, and how a client asks it for events: that resolves when the head of the answer has come. */
async function askerOf(client: (typeof CLIENTS)[number], yaml: string): Promise<() => Promise<Events>> {
  if (client === 'HTTP/1.1') {
    const { port } = await startRig(yaml);
    return async () => {
      const [answer] = (await once(get({ port, path: '/events', agent: false }), 'response')) as [IncomingMessage];
      return { cache: String(answer.headers['cache-status']), body: answer };
    };
  }
  const rig = await startH2Rig(yaml);
  return async () => {
    const stream = rig.connect().request({ ':path': '/events' });
    const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
    return { cache: String(head['cache-status']), body: stream };
  };
}

async function textOf(body: Readable): Promise<string> {
  let text = '';
  for await (const piece of body.setEncoding('utf8')) text += piece;
  return text;
}

test.each(CLIENTS)('an answer that is no stream may not rest for so long (a client of %s)', async (client) => {
  const speaker = await overHttp1('application/octet-stream');
  const service = '    timeouts: { idle: 1s, stream: 1h }';
  const { rig, answer } = await through(client, speaker.port, { protocol: '', accelerator: 'on', service });
  const closed = closeOf(answer.body.resume());
  speaker.say('half');
  await closed;
  await expect.poll(() => rig.records[0]).toMatchObject({ how: 'broken' });
});

/** A call of gRPC whose client says one thing, rests, and says another; whose server has said nothing so far. */
async function restingCall(begun?: H2OriginOptions['begun']) {
  const answer: H2OriginOptions['answer'] = (stream) => {
    if (!stream.headersSent) stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.end('done');
  };
  const origin = await startH2Origin(begun === undefined ? { answer } : { begun, answer });
  const timeouts = '    timeouts: { idle: 1s, stream: 1h }';
  const rig = await startH2Rig(h2Yaml([origin.port], timeouts).replace(/" }$/m, '", protocol: h2c }'));
  const call = rig.connect().request({ ':method': 'POST', ':path': '/chat', 'content-type': 'application/grpc' });
  call.on('error', () => {});
  call.write('one');
  await expect.poll(() => origin.requests[0]?.body).toBe('one');
  await new Promise((resolve) => setTimeout(resolve, 1600));
  call.end('two');
  call.setEncoding('latin1');
  let text = '';
  for await (const chunk of call) text += chunk;
  expect(text).toBe('done');
  expect(origin.requests[0]?.body).toBe('onetwo');
  expect(rig.records).toMatchObject([{ status: 200, how: 'complete' }]);
}

test('a client of gRPC may rest before its call is answered', () => restingCall());

test('and so it may while it is', () =>
  restingCall((stream) => stream.respond({ ':status': 200, 'content-type': 'application/grpc' })));
