import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LATE_BODY_MS } from '../../src/edge/h2/late-body.ts';
import {
  connectRaw,
  F,
  frame,
  headers,
  PREFACE,
  type RawClient,
  request,
  settings,
  startRaw,
  T,
  uint32,
} from '../support/h2-raw.ts';
import { type AtEnd, type Edges, startEdges, startOrigin } from './edges.ts';
import { RULES } from './http2-rules.ts';

let edges: Edges;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  const atEnd: AtEnd = (run) => ends.unshift(run);
  edges = await startEdges(await startOrigin(atEnd), atEnd);
});

afterAll(async () => {
  for (const end of ends) await end();
});

function start(...pairs: (readonly [number, number])[]): RawClient {
  return startRaw(edges.tls.port, edges.ca, ...pairs);
}

describe.each(['TLS', 'prior knowledge'])('what a server has to accept, and what it has to refuse, with %s', (how) => {
  test.each(RULES.map((rule) => [`${rule[0]} ${rule[1]}`, rule] as const))('%s', async (_, [, , frames, outcome]) => {
    const client = how === 'TLS' ? start() : startRaw(edges.plain.port);
    client.write(...frames);
    if ('goaway' in outcome) {
      expect(await client.goaway()).toBe(outcome.goaway);
      await client.close();
    } else if ('rst' in outcome) {
      const found = await client.type(T.rst, outcome.id ?? 1);
      expect([outcome.rst].flat()).toContain(found?.payload.readUInt32BE(0));
      expect(await client.ping()).toBe(true);
    } else {
      expect(await client.ping()).toBe(true);
      if (outcome.status !== undefined) expect((await client.answer(1)).status).toBe(outcome.status);
    }
  });

  test('every rule has another name', () => {
    expect(new Set(RULES.map(([section, what]) => `${section} ${what}`)).size).toBe(RULES.length);
  });
});

const get = (id = 1) => headers(id, request());

describe('what takes more than one step', () => {
  test('3.4: a client that begins otherwise is told so, and its connection ends', async () => {
    const client = connectRaw(edges.tls.port, edges.ca);
    client.write(Buffer.from('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'));
    expect(await client.goaway()).toBe(1);
    await client.close();
  });

  test('3.4: the first frame of a client is SETTINGS', async () => {
    const client = connectRaw(edges.tls.port, edges.ca);
    client.write(PREFACE, frame(T.ping, 0, 0, '12345678'));
    expect(await client.goaway()).toBe(1);
  });

  test('3.4: the first frame of the server is SETTINGS, and those of the client are acknowledged', async () => {
    const client = connectRaw(edges.tls.port, edges.ca);
    client.write(PREFACE, settings([3, 100]));
    expect((await client.until(({ type, flags }) => type === T.settings && flags === F.ack))?.payload.length).toBe(0);
    expect(client.frames[0]).toMatchObject({ type: T.settings, flags: 0, id: 0 });
  });

  test('3.4: a preface may come byte by byte', async () => {
    const client = connectRaw(edges.tls.port, edges.ca);
    for (const byte of Buffer.concat([PREFACE, settings(), get()])) client.write(Buffer.from([byte]));
    expect((await client.answer(1)).body).toBe('some bytes of body');
  });

  test.each([
    ['DATA', frame(T.data, F.end, 1, 'x')],
    ['HEADERS', get()],
  ])('5.1: %s on a stream that has ended is the end of the connection', async (_, late) => {
    const client = start();
    client.write(get());
    expect((await client.answer(1)).status).toBe('200');
    client.write(late);
    expect(await client.goaway()).toBe(5);
    await client.close();
  });

  test.each([
    ['PRIORITY', frame(T.priority, 0, 1, Buffer.alloc(5))],
    ['WINDOW_UPDATE', frame(T.window, 0, 1, uint32(1))],
    ['RST_STREAM', frame(T.rst, 0, 1, uint32(8))],
  ])('5.1: %s on a stream that has ended is passed over', async (_, late) => {
    const client = start();
    client.write(get());
    expect((await client.answer(1)).status).toBe('200');
    client.write(late);
    expect(await client.ping()).toBe(true);
  });

  describe('8.1: a request that was answered before its end', () => {
    const early = () => {
      const client = start();
      const fields = request({ ':method': 'POST' }, 'content-length', '1', 'expect', 'a-miracle');
      client.write(headers(1, fields, F.endHeaders));
      return client;
    };

    test('may still be ended', async () => {
      const client = early();
      expect((await client.answer(1)).status).toBe('417');
      client.write(frame(T.data, F.end, 1, 'x'));
      expect(await client.ping()).toBe(true);
      // Whatever was to be said of the stream has been said before an answer that comes after that time.
      await new Promise((resolve) => setTimeout(resolve, 2 * LATE_BODY_MS));
      expect(await client.ping()).toBe(true);
      expect(client.frames.filter(({ type }) => type === T.rst)).toEqual([]);
    });

    test.each([
      ['more than it said', frame(T.data, F.end, 1, 'test')],
      ['less than it said', frame(T.data, F.end, 1)],
      ['a window opened by nothing', frame(T.window, 0, 1, uint32(0))],
    ])('is malformed as ever: %s', async (_, late) => {
      const client = early();
      expect((await client.answer(1)).status).toBe('417');
      client.write(late);
      expect((await client.type(T.rst, 1))?.payload.readUInt32BE(0)).toBe(1);
      expect(await client.ping()).toBe(true);
    });

    test('is reset without an error, when it goes on', async () => {
      const client = early();
      expect((await client.type(T.rst, 1))?.payload.readUInt32BE(0)).toBe(0);
      client.write(frame(T.data, F.end, 1, 'x'));
      expect(await client.ping()).toBe(true);
    });
  });

  test('5.4.1: a GOAWAY names the last stream that was taken', async () => {
    const client = start();
    client.write(get(), headers(3, request()), frame(T.ping, 0, 1, '12345678'));
    const goaway = await client.type(T.goaway);
    expect(goaway?.payload.readUInt32BE(0)).toBe(3);
  });

  test('6.9.1: no more is sent than the window of a stream has room for', async () => {
    const client = start([4, 1]);
    client.write(get());
    expect((await client.type(T.data))?.payload.length).toBe(1);
    client.write(frame(T.window, 0, 1, uint32(3)));
    await client.until(({ type, payload }) => type === T.data && payload.length === 3);
    client.write(frame(T.window, 0, 1, uint32(100)));
    expect((await client.answer(1)).body).toBe('some bytes of body');
  });

  test('6.9.2: a changed setting changes the windows that there are', async () => {
    const client = start([4, 0]);
    client.write(get());
    await client.type(T.headers, 1);
    client.write(settings([4, 1]));
    expect((await client.type(T.data))?.payload.length).toBe(1);
    expect(client.frames.filter(({ type }) => type === T.data)).toHaveLength(1);
  });

  test('6.9.2: a window may become negative', async () => {
    const client = start([4, 3]);
    client.write(get());
    expect((await client.type(T.data))?.payload.length).toBe(3);
    client.write(settings([4, 2]), frame(T.window, 0, 1, uint32(2)));
    expect((await client.until(({ type, payload }) => type === T.data && payload.length !== 3))?.payload.length).toBe(
      1,
    );
  });

  test('HPACK: a table that the client makes smaller is used so', async () => {
    const client = start([1, 0]);
    for (const id of [1, 3, 5]) {
      client.write(headers(id, request()));
      expect((await client.answer(id)).status).toBe('200');
    }
    client.write(settings([1, 4096]), headers(7, request()));
    expect((await client.answer(7)).fields).toContain('content-length: 18');
  });
});
