import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { afterEach, expect, test } from 'vitest';
import type { CheckTarget } from '../../../src/health/check.ts';
import { checkRequest } from '../../../src/health/grpc-health.ts';
import { probers } from '../../../src/health/probe.ts';
import { systemClock, systemSleep } from '../../../src/table/system-clock.ts';
import { AUTHORITY, CERTIFICATE, KEY } from './certificate.ts';
import { Origin, targetOf } from './origin.ts';

const open = probers({ clock: systemClock(0), sleep: systemSleep });
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function origin(
  server: Http2Server | Http2SecureServer,
  onStream: (stream: ServerHttp2Stream, path: string) => void,
) {
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session: ServerHttp2Session) => sessions.push(session));
  server.on('stream', (stream: ServerHttp2Stream, headers: Record<string, string>) => {
    stream.on('error', () => {});
    onStream(stream, String(headers[':path']));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, sessions };
}

function prober(port: number, more: Partial<CheckTarget>) {
  const one = open(targetOf(port, { protocol: 'h2c', ...more }));
  closing.push(() => one.close());
  return one;
}

const answer = (status: number) => (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': status });
  stream.end('ok');
};

test('a check over HTTP/2 is a GET, and its connection is kept for the next one', async () => {
  const paths: string[] = [];
  const { port, sessions } = await origin(createServer(), (stream, path) => {
    paths.push(path);
    answer(200)(stream);
  });
  const probe = prober(port, { path: '/ready' });
  const first = await probe.check([]);
  expect(first).toMatchObject({ reachable: true, status: 200 });
  expect(first.connectMs).toBeDefined();
  expect(await probe.check([])).toMatchObject({ reachable: true, connectMs: undefined });
  expect([paths, sessions.length]).toEqual([['/ready', '/ready'], 1]);
});

test('a connection that has died in the meantime is not blamed', async () => {
  const { port, sessions } = await origin(createServer(), answer(200));
  const probe = prober(port, {});
  await probe.check([]);
  sessions[0]?.destroy();
  expect(await probe.check([])).toMatchObject({ reachable: true });
});

test.each([
  ['a bad status', answer(503), 'status 503 from /healthz'],
  ['silence', () => {}, 'no answer within 300 ms'],
  [
    'half an answer',
    (stream: ServerHttp2Stream) => stream.respond({ ':status': 200 }),
    'no end of the body within 300 ms',
  ],
  ['a reset', (stream: ServerHttp2Stream) => stream.close(2), 'ERR_HTTP2_STREAM_ERROR'],
  ['a connection that breaks', (stream: ServerHttp2Stream) => stream.session?.destroy(), undefined],
])('%s is no good check', async (_, onStream, error) => {
  const { port } = await origin(createServer(), onStream);
  const result = await prober(port, { timeoutMs: 300 }).check([]);
  expect(result.reachable).toBe(false);
  if (error !== undefined) expect(result.error).toBe(error);
});

const grpcAnswer = (hex: string, status: string) => (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }));
  stream.end(Buffer.from(hex, 'hex'));
};

test.each([
  ['00000000020801', '0', true, undefined],
  ['00000000020802', '0', false, 'gRPC health: NOT_SERVING'],
  ['', '0', false, 'gRPC health: an answer that is none'],
  ['', '12', false, 'grpc-status 12'],
])('gRPC: %s with status %s', async (hex, status, reachable, error) => {
  const { port } = await origin(createServer(), grpcAnswer(hex, status));
  expect(await prober(port, { grpc: '' }).check([])).toMatchObject({ reachable, error });
});

test('gRPC asks for the service by its name', async () => {
  const bodies: Buffer[] = [];
  const { port } = await origin(createServer(), (stream, path) => {
    expect(path).toBe('/grpc.health.v1.Health/Check');
    stream.on('data', (chunk: Buffer) => bodies.push(chunk));
    stream.on('end', () => grpcAnswer('00000000020801', '0')(stream));
  });
  expect(await prober(port, { grpc: 'shop.Orders' }).check([])).toMatchObject({ reachable: true });
  expect(Buffer.concat(bodies).equals(checkRequest('shop.Orders'))).toBe(true);
});

test('over TLS what is asked depends on what is agreed on', async () => {
  const tls = { url: { protocol: 'https', host: '127.0.0.1', basePath: '' }, ca: AUTHORITY } as const;
  const two = await origin(createSecureServer({ cert: CERTIFICATE, key: KEY }), answer(200));
  for (const protocol of ['h2', 'auto'] as const) {
    const probe = prober(two.port, { ...tls, url: { ...tls.url, port: two.port }, protocol });
    expect(await probe.check([])).toMatchObject({ reachable: true, status: 200 });
    expect(await probe.check([])).toMatchObject({ reachable: true, connectMs: undefined });
  }
  const one = await Origin.https((_, response) => response.end('ok'));
  closing.push(() => one.stop());
  const url = { ...tls.url, port: one.port };
  expect(await prober(one.port, { ...tls, url, protocol: 'auto' }).check([])).toMatchObject({ reachable: true });
  expect(await prober(one.port, { ...tls, url, protocol: 'h2' }).check([])).toMatchObject({ reachable: false });
});
