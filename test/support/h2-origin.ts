import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { onTestFinished } from 'vitest';
import type { Certificates } from './certificates.ts';

/** One request as it came to an origin, with its body once that has ended. */
export type OriginRequest = {
  readonly headers: IncomingHttpHeaders;
  body: string;
  trailers: IncomingHttpHeaders | undefined;
};

export type H2Origin = {
  readonly port: number;
  readonly requests: readonly OriginRequest[];
  /** Connections that have been opened to it. */
  readonly sessions: readonly ServerHttp2Session[];
  readonly close: () => void;
};

export type H2Answer = (stream: ServerHttp2Stream, request: OriginRequest) => void;

export type H2OriginOptions = {
  readonly tls?: Pick<Certificates, 'cert' | 'key'>;
  /** Called at once with a request's head; without it, requests are answered with `ok` when they have ended. */
  readonly begun?: H2Answer;
  /** Called when a request has ended. */
  readonly answer?: H2Answer;
  readonly settings?: Record<string, number>;
  readonly port?: number;
};

/** An origin that speaks HTTP/2 by Node's own implementation: without TLS, or with it and nothing else. Ends with the test. */
export async function startH2Origin(options: H2OriginOptions = {}): Promise<H2Origin> {
  const { tls, begun, answer = begun === undefined ? ok : undefined, settings } = options;
  const plain = settings === undefined ? {} : { settings };
  const server: Http2Server =
    tls === undefined
      ? createServer(plain)
      : (createSecureServer({ ...plain, cert: tls.cert, key: tls.key }) as Http2Server);
  const requests: OriginRequest[] = [];
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => {});
  });
  server.on('stream', (taken, headers) => {
    const stream = taken as ServerHttp2Stream;
    const request: OriginRequest = { headers, body: '', trailers: undefined };
    requests.push(request);
    stream.on('error', () => {});
    stream.setEncoding('latin1');
    stream.on('trailers', (trailers) => {
      request.trailers = trailers;
    });
    begun?.(stream, request);
    stream.on('data', (text: string) => {
      request.body += text;
    });
    stream.on('end', () => answer?.(stream, request));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    for (const session of sessions) session.destroy();
    server.close();
  };
  onTestFinished(close);
  return { port: (server.address() as { port: number }).port, requests, sessions, close };
}

function ok(stream: ServerHttp2Stream): void {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'text/plain' });
  stream.end('ok');
}

export const { NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR } = constants;
