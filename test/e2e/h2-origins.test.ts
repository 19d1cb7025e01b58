import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { STREAMS_MAX } from '../../src/edge/upstream/multiplexed/limits.ts';
import { makeCertificates } from '../support/certificates.ts';
import {
  type H2OriginOptions,
  NGHTTP2_INTERNAL_ERROR,
  NGHTTP2_REFUSED_STREAM,
  startH2Origin,
} from '../support/h2-origin.ts';
import { startRig } from '../support/rig.ts';
import { dialRaw } from '../support/wire/raw-client.ts';

const PLACES = ['aws, region: us-east-1', 'gcp, region: europe-west1', 'azure, region: japaneast'];

type Given = {
  readonly scheme?: 'http' | 'https';
  readonly protocol?: string;
  readonly authorities?: Readonly<Record<string, string>>;
};

function yamlOf(engine: string, ports: readonly number[], { scheme = 'http', protocol = 'h2c' }: Given = {}) {
  const endpoints = ports.map(
    (port, i) => `      - { cloud: ${PLACES[i]}, url: "${scheme}://127.0.0.1:${port}", protocol: ${protocol} }`,
  );
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
services:
  shop:
    endpoints:
${endpoints.join('\n')}
`;
}

async function stage(engine: string, options: H2OriginOptions = {}, given: Given = {}) {
  const origin = await startH2Origin(options);
  const rig = await startRig(
    yamlOf(engine, [origin.port], given),
    given.authorities === undefined ? {} : { authorities: given.authorities },
  );
  return { origin, rig, url: `http://127.0.0.1:${rig.port}` };
}

async function inFlightEnds(rig: Awaited<ReturnType<typeof startRig>>): Promise<void> {
  await vi.waitFor(() => expect([...rig.block.inFlight].every((count) => count === 0)).toBe(true), { timeout: 5000 });
}

/** `:status: 103`, as a field of its own. */
const EARLY_HINTS = Buffer.from([0x08, 3, 0x31, 0x30, 0x33]);

test('an endpoint that never acknowledges settings loses that connection, and what is under way on it', {
  timeout: 30_000,
}, async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    // Its own settings and nothing else: every request waits.
    socket.write(frame(4, 0, 0));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const rig = await startRig(yamlOf('on', [port]).replace('services:', 'retries: { attempts: 1 }\nservices:'));
  const answer = await fetch(`http://127.0.0.1:${rig.port}`, { method: 'POST', body: 'x' });
  expect(answer.status).toBe(502);
  expect(answer.headers.get('proxy-status')).toMatch(/error=http_protocol_error/);
  const [attempt] = rig.records[0]?.attempts ?? [];
  expect(attempt?.outcome).toBe('bad-response');
  expect(attempt?.cause).toMatch(/SETTINGS_TIMEOUT/);
  expect(connections).toBe(1);
  await inFlightEnds(rig);
});

describe.each(['on', 'off'])('origins that speak HTTP/2, accelerator %s', (engine) => {
  test('a request is the same request, said as HTTP/2 says it', async () => {
    const { origin, rig } = await stage(engine);
    const client = await dialRaw(rig.port);
    client.write(
      'GET /a%20b?c=d HTTP/1.1\r\nHost: Shop.example\r\nX-Mixed-Case: Yes\r\nTE: trailers\r\nConnection: TE, X-Drop\r\nX-Drop: 1\r\n\r\n',
    );
    await client.answered(1);
    expect(client.answers[0]).toMatchObject({ start: 'HTTP/1.1 200 OK', body: 'ok' });
    const { headers } = origin.requests[0]!;
    expect(headers).toMatchObject({
      ':method': 'GET',
      ':path': '/a%20b?c=d',
      ':scheme': 'http',
      'x-mixed-case': 'Yes',
    });
    expect(headers[':authority']).toBeDefined();
    for (const name of ['host', 'connection', 'x-drop', 'transfer-encoding', 'keep-alive'])
      expect(headers).not.toHaveProperty(name);
  });

  test('requests share a connection', async () => {
    const { origin, url } = await stage(engine);
    const texts = await Promise.all(Array.from({ length: 50 }, async () => (await fetch(url)).text()));
    expect(new Set(texts)).toEqual(new Set(['ok']));
    expect(origin.requests).toHaveLength(50);
    expect(origin.sessions).toHaveLength(1);
  });

  test('more requests than one connection takes go over another, and more than all take wait', async () => {
    let open = 0;
    let most = 0;
    const { origin, url } = await stage(engine, {
      settings: { maxConcurrentStreams: 4 },
      answer: (stream) => {
        open += 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open -= 1;
          stream.respond({ ':status': 200 });
          stream.end('ok');
        }, 20);
      },
    });
    const texts = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(url)).text()));
    expect(texts.every((text) => text === 'ok')).toBe(true);
    expect(origin.sessions.length).toBeLessThanOrEqual(8);
    expect(most).toBeLessThanOrEqual(4 * 8);
    expect(STREAMS_MAX).toBeGreaterThan(4);
  });

  test.each([0, 1, 1000, 70_000, 3_000_000])('%i bytes both ways, with a length', async (size) => {
    const body = randomBytes(size);
    const { url, origin } = await stage(engine, {
      answer: (stream, { body: text }) => {
        stream.respond({ ':status': 201, 'content-length': String(text.length) });
        stream.end(Buffer.from(text, 'latin1'));
      },
    });
    const answer = await fetch(url, { method: 'POST', body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-length')).toBe(String(size));
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    expect(origin.requests[0]!.headers['content-length']).toBe(String(size));
  });

  test('a body in chunks goes as a body, and comes back with trailers', async () => {
    const { rig, origin } = await stage(engine, {
      answer: (stream, { body }) => {
        stream.respond({ ':status': 200, trailer: 'x-sum' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc', 'content-length': undefined }));
        stream.end(body);
      },
    });
    const client = await dialRaw(rig.port);
    client.write(
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-In\r\nTE: trailers\r\nConnection: TE\r\n\r\n',
    );
    await client.writeApart(['3\r\nabc\r\n', '2\r\nde\r\n', '0\r\nX-In: 1\r\n\r\n']);
    await client.answered(1);
    const [request] = origin.requests;
    expect(request).toMatchObject({ body: 'abcde' });
    expect(client.answers[0]).toMatchObject({ body: 'abcde', framing: 'chunked', trailers: ['x-sum', 'abc'] });
  });

  test('answers without a body have none, and the connection goes on', async () => {
    const { rig, origin } = await stage(engine, {
      answer: (stream, { headers }) => {
        const status = Number(String(headers[':path']).slice(1));
        stream.respond(
          { ':status': status, ...(headers[':method'] === 'HEAD' ? { 'content-length': '9' } : {}) },
          { endStream: true },
        );
      },
    });
    const client = await dialRaw(rig.port, ['HEAD', 'GET', 'GET', 'GET']);
    for (const line of ['HEAD /200', 'GET /204', 'GET /304', 'GET /200']) {
      const before = client.answers.length;
      client.write(`${line} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await client.answered(before + 1);
    }
    expect(client.answers.map(({ start, body }) => [start.slice(9, 12), body])).toEqual([
      ['200', ''],
      ['204', ''],
      ['304', ''],
      ['200', ''],
    ]);
    expect(origin.sessions).toHaveLength(1);
  });

  test('interim answers are passed on', async () => {
    const { rig } = await stage(engine, {
      answer: (stream) => {
        stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
        stream.respond({ ':status': 200 });
        stream.end('ok');
      },
    });
    const client = await dialRaw(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.answered(1);
    expect(client.messages.map(({ start }) => start)).toEqual(['HTTP/1.1 103 Early Hints', 'HTTP/1.1 200 OK']);
  });

  test('what the endpoint has not processed goes out again, whatever the method', async () => {
    let refused = 0;
    const { url, origin } = await stage(engine, {
      begun: (stream, { headers }) => {
        if (headers[':method'] === 'POST' && refused === 0) {
          refused += 1;
          return stream.close(NGHTTP2_REFUSED_STREAM);
        }
        stream.respond({ ':status': 200 });
        stream.end('ok');
      },
    });
    const answer = await fetch(url, { method: 'POST', body: 'order' });
    expect([answer.status, await answer.text(), origin.requests.length]).toEqual([200, 'ok', 2]);
  });

  test('a stream that is reset after it was begun is a failure, and no order is given twice', async () => {
    const { url, origin } = await stage(engine, { answer: (stream) => stream.close(NGHTTP2_INTERNAL_ERROR) });
    const answer = await fetch(url, { method: 'POST', body: 'order' });
    expect([answer.status, origin.requests.length]).toEqual([502, 1]);
  });

  test('an endpoint that says goodbye finishes what it has, and new requests go over a new connection', async () => {
    const { promise: first, resolve } = Promise.withResolvers<() => void>();
    const { url, origin } = await stage(engine, {
      answer: (stream, { headers }) => {
        const end = (): void => {
          stream.respond({ ':status': 200 });
          stream.end(String(headers[':path']));
        };
        if (headers[':path'] === '/slow') resolve(end);
        else end();
      },
    });
    const slow = fetch(`${url}/slow`);
    const end = await first;
    origin.sessions[0]!.goaway(0);
    await vi.waitFor(async () => {
      expect(await (await fetch(`${url}/new`)).text()).toBe('/new');
      expect(origin.sessions).toHaveLength(2);
    });
    end();
    expect(await (await slow).text()).toBe('/slow');
  });

  test('an endpoint that dies fails over', async () => {
    const dying = await startH2Origin({ answer: (stream) => stream.session?.destroy() });
    const other = await startH2Origin();
    const rig = await startRig(yamlOf(engine, [dying.port, other.port]));
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${rig.port}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    await inFlightEnds(rig);
  });

  test('a client that leaves cancels its stream and no other', async () => {
    const ended: string[] = [];
    const { rig, url, origin } = await stage(engine, {
      begun: (stream, { headers }) => {
        stream.once('close', () => ended.push(`${headers[':path']} ${stream.rstCode}`));
        stream.respond({ ':status': 200 });
        if (headers[':path'] === '/short') stream.end('ok');
        else stream.write('x');
      },
    });
    const client = await dialRaw(rig.port);
    client.write('GET /long HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('a first byte', ({ bytesRead }) => bytesRead > 0);
    client.socket.destroy();
    await vi.waitFor(() => expect(ended).toContain('/long 8'));
    expect(await (await fetch(`${url}/short`)).text()).toBe('ok');
    expect(origin.sessions).toHaveLength(1);
    await inFlightEnds(rig);
  });

  test('a client that does not read holds back its stream and no other', async () => {
    let sent = 0;
    const { rig, url } = await stage(engine, {
      answer: (stream, { headers }) => {
        stream.respond({ ':status': 200 });
        if (headers[':path'] === '/short') {
          stream.end('ok');
          return;
        }
        const more = (): void => {
          while (!stream.destroyed && sent < 200_000_000) {
            sent += 65_536;
            if (!stream.write(Buffer.alloc(65_536))) {
              stream.once('drain', more);
              return;
            }
          }
        };
        more();
      },
    });
    const client = await dialRaw(rig.port);
    client.socket.pause();
    client.socket.write('GET /long HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(() => expect(sent).toBeGreaterThan(100_000));
    let before = -1;
    await vi.waitFor(
      () => {
        const still = sent === before;
        before = sent;
        expect(still).toBe(true);
      },
      { timeout: 10_000, interval: 200 },
    );
    expect(sent).toBeLessThan(40_000_000);
    expect(await (await fetch(`${url}/short`)).text()).toBe('ok');
  });

  test.each([
    ['shorter', (say: number) => say - 1],
    ['longer', (say: number) => say + 1],
  ])('a body that is %s than it says is no whole answer', async (_, real) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        const block = Buffer.concat([Buffer.from([0x88, 0x0f, 0x0d, 2]), Buffer.from('10')]);
        const body = Buffer.alloc(real(10), 'x');
        socket.write(Buffer.concat([frame(4, 0, 0), frame(1, 4, 1, block), frame(0, 1, 1, body)]));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const rig = await startRig(yamlOf(engine, [(server.address() as { port: number }).port]));
    const client = await dialRaw(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await client.ended();
    const whole = client.answers.filter(({ start, body }) => start.includes(' 200 ') && body.length === 10);
    expect(whole).toEqual([]);
    await inFlightEnds(rig);
  });

  test.each([
    ['speaks HTTP/1.1', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['closes', ''],
    ['breaks off in a header block', Buffer.concat([frame(4, 0, 0), frame(1, 0, 1, Buffer.from([0x88]))])],
    ['sends a block that is none', Buffer.concat([frame(4, 0, 0), frame(1, 4, 1, Buffer.from([0xff, 0xff, 0xff]))])],
    [
      'says 103 for ever',
      Buffer.concat([frame(4, 0, 0), ...Array.from({ length: 40 }, () => frame(1, 4, 1, EARLY_HINTS))]),
    ],
    ['switches protocols', Buffer.concat([frame(4, 0, 0), frame(1, 4, 1, Buffer.from([0x08, 3, 0x31, 0x30, 0x31]))])],
  ])('an endpoint that %s is a failure', async (_, bytes) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(bytes));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const rig = await startRig(yamlOf(engine, [(server.address() as { port: number }).port]));
    const answer = await fetch(`http://127.0.0.1:${rig.port}`);
    expect(answer.status).toBe(502);
    await inFlightEnds(rig);
  });

  test('over TLS: h2 where it is agreed on, auto takes what there is, and h2 alone takes nothing else', async () => {
    const tls = makeCertificates();
    const given = { scheme: 'https', authorities: { shop: tls.ca } } as const;
    const h2 = await stage(engine, { tls }, { ...given, protocol: 'h2' });
    expect(await (await fetch(h2.url)).text()).toBe('ok');
    const auto = await stage(engine, { tls }, { ...given, protocol: 'auto' });
    expect(await (await fetch(auto.url)).text()).toBe('ok');
    expect(auto.origin.sessions).toHaveLength(1);
    const { createServer: createHttps } = await import('node:https');
    const seen: string[] = [];
    const old = createHttps({ cert: tls.cert, key: tls.key }, (request, response) => {
      seen.push(request.httpVersion);
      response.end('old');
    });
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    onTestFinished(() => void old.close());
    const { port } = old.address() as { port: number };
    const rig = await startRig(yamlOf(engine, [port], { ...given, protocol: 'auto' }), given);
    const texts = await Promise.all(
      Array.from({ length: 8 }, async () => (await fetch(`http://127.0.0.1:${rig.port}`)).text()),
    );
    expect(texts).toEqual(Array(8).fill('old'));
    expect(seen).toEqual(Array(8).fill('1.1'));
    const strict = await startRig(yamlOf(engine, [port], { ...given, protocol: 'h2' }), given);
    expect((await fetch(`http://127.0.0.1:${strict.port}`)).status).toBe(502);
  });
});

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
