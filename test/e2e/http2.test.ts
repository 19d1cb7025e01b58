import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { F, frame, headers, request, T, uint32 } from '../support/h2-raw.ts';
import { askH2, h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';

test('a request arrives as HTTP/1.1, and its answer as HTTP/2', async () => {
  const origin = await startOrigin('one', (_, response) => {
    response.writeHead(201, [
      'Content-Type',
      'text/plain',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'X-Ünicode'.replace('Ü', 'U'),
      'yes',
      'Connection',
      'close',
    ]);
    response.end('made');
  });
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const answer = await askH2(rig.connect(), {
    ':method': 'GET',
    ':path': '/a/b?c=%20',
    cookie: ['x=1', 'y=2'],
    te: 'trailers',
    'x-empty': '',
    priority: 'u=1, i',
    x_forwarded_for: '9.9.9.9',
    'x-forwarded-for': '8.8.8.8',
  });
  expect(answer).toMatchObject({ status: 201, body: 'made' });
  expect(answer.headers).toMatchObject({
    'content-type': 'text/plain',
    'set-cookie': ['a=1', 'b=2'],
    'x-unicode': 'yes',
  });
  expect(answer.headers['connection']).toBeUndefined();
  const { method, url, rawHeaders } = origin.seen[0] as (typeof origin.seen)[number];
  expect([method, url]).toEqual(['GET', '/a/b?c=%20']);
  const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []));
  expect(lines.filter((line) => !/^(?:traceparent|X-Request-Id):/.test(line))).toEqual([
    `Host: localhost:${rig.port}`,
    'x-empty: ',
    'priority: u=1, i',
    'cookie: x=1; y=2',
    'Connection: TE',
    'TE: trailers',
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Proto: https',
    `X-Forwarded-Host: localhost:${rig.port}`,
    'Via: 2.0 meridian-test',
  ]);
  const [record] = rig.records;
  expect(record).toMatchObject({ status: 201, httpVersion: '2.0', tls: 'TLSv1.3', bytesOut: 14, how: 'complete' });
  expect(answer.headers['x-request-id']).toBe(record?.requestId);
});

test('bodies of every size go both ways, many at once', async () => {
  const origin = await startOrigin('echo', (_, response, body) => response.end(body));
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const session = rig.connect();
  const sizes = [0, 1, 100, 4096, 16_384, 16_385, 65_536, 300_000, 2_000_000];
  const bodies = sizes.map((size, i) => Buffer.alloc(size, `${i}abc`));
  for (const lengths of [true, false]) {
    const answers = await Promise.all(
      bodies.map((body) =>
        askH2(session, { ':method': 'PUT', ...(lengths ? { 'content-length': body.length } : {}) }, body),
      ),
    );
    expect(answers.map(({ body }) => body.length)).toEqual(sizes);
    for (const [i, { body }] of answers.entries()) expect(body === bodies[i]?.toString('latin1')).toBe(true);
  }
  expect(
    rig.records
      .map(({ bytesOut }) => bytesOut)
      .toSorted((a, b) => a - b)
      .slice(-2),
  ).toEqual([2_000_000, 2_000_000]);
});

test('a client that takes its time gets all of it, and the endpoint waits', async () => {
  let written = 0;
  const total = 30_000_000;
  const server = createServer((_, response) => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const go = (): void => {
      while (written < total) {
        written += piece.length;
        if (!response.write(piece)) return void response.once('drain', go);
      }
      response.end();
    };
    go();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const rig = await startH2Rig(h2Yaml([(server.address() as AddressInfo).port]));
  const client = rig.raw();
  client.write(headers(1, request()));
  await client.until(({ type }) => type === T.data);
  await expect
    .poll(async () => {
      const before = written;
      await client.ping();
      return written - before;
    })
    .toBe(0);
  expect(written).toBeLessThan(total / 2);
  client.write(
    frame(T.window, 0, 0, uint32(2 ** 31 - 1 - 65_535)),
    frame(T.window, 0, 1, uint32(2 ** 31 - 1 - 65_535)),
  );
  const { body } = await client.answer(1);
  expect(body.length).toBeGreaterThanOrEqual(total);
});

test('interim answers and trailers of an endpoint go on', async () => {
  const origin = await startRawOrigin((socket: Socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nTrailer: X-Sum\r\n');
      socket.write('Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n');
    });
  });
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const client = rig.raw();
  client.write(headers(1, request()));
  const answer = await client.answer(1);
  const heads = client.frames.filter(({ type }) => type === T.headers);
  expect(heads[0]?.fields).toEqual([':status: 103', 'link: </a.css>']);
  expect(heads[0]?.flags).toBe(F.endHeaders);
  expect(answer).toMatchObject({ status: '200', body: 'hello', trailers: ['x-sum: 42'] });
});

test('trailers go both ways', async () => {
  const origin = await startOrigin('trailers', (incoming, response) => {
    response.writeHead(200, { trailer: 'x-sum' });
    response.write('body');
    response.addTrailers({ 'x-sum': incoming.trailers['x-mine'] ?? 'none' });
    response.end();
  });
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const client = rig.raw();
  client.write(
    headers(1, request({ ':method': 'POST' }), F.endHeaders),
    frame(T.data, 0, 1, 'hello'),
    headers(1, ['x-mine', 'yes', 'host', 'evil.example']),
  );
  expect(await client.answer(1)).toMatchObject({ status: '200', body: 'body', trailers: ['x-sum: yes'] });
  expect(origin.seen[0]?.body.toString()).toBe('hello');
});

test('an expectation is met by the endpoint, or after a while by the edge', async () => {
  const origin = await startOrigin('continue', (_, response, body) => response.end(`got ${body.length}`));
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const session = rig.connect();
  const answer = await askH2(session, { ':method': 'POST', expect: '100-continue', 'content-length': 5 }, 'hello');
  expect(answer).toMatchObject({ status: 200, body: 'got 5' });
});

test('the next endpoint answers where the first does not', async () => {
  const [first, second] = [await startOrigin('first'), await startOrigin('second')];
  await first.kill();
  const rig = await startH2Rig(h2Yaml([first.port, second.port]));
  const session = rig.connect();
  const answers = await Promise.all(Array.from({ length: 20 }, () => askH2(session)));
  expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(answers.map(() => '200 second'));
  expect(rig.records.every(({ status }) => status === 200)).toBe(true);
});

test('half an answer is no answer: its stream is reset, and the others go on', async () => {
  const origin = await startRawOrigin((socket: Socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      setImmediate(() => socket.destroy());
    });
  });
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const client = rig.raw();
  client.write(headers(1, request()));
  expect((await client.type(T.rst, 1))?.payload.readUInt32BE(0)).toBe(2);
  expect(await client.ping()).toBe(true);
  expect(rig.records[0]).toMatchObject({ status: 200, how: 'broken' });
});

test('a client that leaves has its requests cancelled, and nobody is blamed', async () => {
  const left = Promise.withResolvers<void>();
  const server = createServer((incoming) => void incoming.socket.once('close', () => left.resolve())).listen(0);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const rig = await startH2Rig(h2Yaml([(server.address() as AddressInfo).port]));
  const client = rig.raw();
  const arrived = once(server, 'request');
  client.write(headers(1, request()));
  await arrived;
  client.write(frame(T.rst, 0, 1, uint32(8)));
  await left.promise;
  expect(rig.records[0]).toMatchObject({ status: 499, how: 'client-gone' });
  expect(rig.table.live.inFlight.every((count) => count === 0)).toBe(true);
  client.write(headers(3, request()));
  await once(server, 'request');
  client.socket.destroy();
  await expect.poll(() => rig.records.length).toBe(2);
  expect(rig.records[1]).toMatchObject({ how: 'client-gone' });
});

test('an answer that does not wait for the request ends it', async () => {
  const origin = await startRawOrigin((socket: Socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig'));
  });
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const client = rig.raw();
  client.write(headers(1, request({ ':method': 'POST' }), F.endHeaders), frame(T.data, 0, 1, 'a part'));
  expect(await client.answer(1)).toMatchObject({ status: '413', body: 'big' });
  expect((await client.type(T.rst, 1))?.payload.readUInt32BE(0)).toBe(0);
  client.write(frame(T.data, 0, 1, 'more'), frame(T.data, F.end, 1, 'the end'));
  expect(await client.ping()).toBe(true);
});

test('what this edge answers by itself', async () => {
  const origin = await startOrigin('one');
  const rig = await startH2Rig(h2Yaml([origin.port], '    match: { hosts: [shop.example] }', 'health_path: /up,'));
  const client = rig.raw();
  const ask = (id: number, fields: string[]): Promise<Awaited<ReturnType<typeof client.answer>>> => {
    client.write(headers(id, fields));
    return client.answer(id);
  };
  expect(await ask(1, request({ ':path': '/up' }))).toMatchObject({ status: '200', body: 'ready\n' });
  expect(await ask(3, request({ ':authority': 'other.example' }))).toMatchObject({ status: '404' });
  expect(await ask(5, request({}, 'via', '1.1 meridian-test'))).toMatchObject({ status: '508' });
  expect(await ask(7, request({ ':method': 'OPTIONS', ':path': '*' }))).toMatchObject({ status: '204', body: '' });
  expect(await ask(9, request({ ':method': 'TRACE' }, 'max-forwards', '0', 'cookie', 'secret'))).toMatchObject({
    status: '200',
    body: 'TRACE / HTTP/2.0\r\nHost: shop.example\r\nmax-forwards: 0\r\n\r\n',
  });
  expect(await ask(11, request({ ':authority': 'a b' }))).toMatchObject({ status: '400' });
  expect(await ask(13, request({ ':method': 'CONNECT', ':protocol': 'other' }))).toMatchObject({ status: '501' });
  expect(await ask(15, request({ ':method': 'HEAD', ':authority': 'other.example' }))).toMatchObject({
    status: '404',
    body: '',
  });
  const large = Array.from({ length: 40 }, (_, i) => [`x-${i}`, 'x'.repeat(1000)]).flat();
  const block = headers(17, request({}, ...large));
  client.write(
    frame(T.headers, F.end, 17, block.subarray(9, 9 + 16_000)),
    frame(T.more, 0, 17, block.subarray(16_009, 32_009)),
  );
  client.write(frame(T.more, F.endHeaders, 17, block.subarray(32_009)));
  expect(await client.answer(17)).toMatchObject({ status: '431' });
  expect(await ask(19, request())).toMatchObject({ status: '200', body: 'one' });
  expect(origin.seen.map(({ url }) => url)).toEqual(['/']);
});
