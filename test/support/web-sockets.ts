import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import * as ws from 'ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Certificates } from './certificates.ts';

/** What `ws` does to a connection that somebody else has opened; it is not in its types. */
type Adopting = {
  setSocket(socket: Duplex, head: Buffer, options: { maxPayload: number; skipUTF8Validation: boolean }): void;
  _isServer: boolean;
  _protocol: string;
  _extensions: Record<string, unknown>;
};
type Deflate = { offer(): object; accept(offers: readonly object[]): object };
const { PerMessageDeflate } = ws as unknown as {
  readonly PerMessageDeflate: new (options: { readonly isServer?: boolean }) => Deflate;
};
const MAX_BYTES = 256 * 1024 * 1024;

export type Handshake = {
  readonly path?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly deflate?: boolean;
};

/** A handshake that was answered with something else than a WebSocket. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  constructor(status: number, headers: Readonly<Record<string, unknown>>, body: string) {
    super(`refused with ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** Opens a WebSocket by HTTP/1.1. Rejects with `Refused`. */
export async function openH1(port: number, handshake: Handshake = {}): Promise<WebSocket> {
  const { path = '/', protocols = [], headers = {}, deflate = false } = handshake;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, [...protocols], {
    headers,
    perMessageDeflate: deflate,
    maxPayload: MAX_BYTES,
  });
  onTestFinished(() => socket.terminate());
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  socket.once('open', () => resolve(socket));
  socket.on('error', reject);
  socket.once('unexpected-response', (_, answer) => {
    let body = '';
    answer.setEncoding('latin1').on('data', (text: string) => {
      body += text;
    });
    answer.on('end', () => reject(new Refused(answer.statusCode ?? 0, answer.headers, body)));
    answer.on('error', reject);
  });
  return promise;
}

/** Opens one on a stream of HTTP/2 (RFC 8441). Rejects with `Refused`. */
export async function openH2(session: http2.ClientHttp2Session, handshake: Handshake = {}): Promise<WebSocket> {
  const { path = '/', protocols = [], headers = {}, deflate = false } = handshake;
  if (session.remoteSettings.enableConnectProtocol !== true) await once(session, 'remoteSettings');
  const extension = new PerMessageDeflate({});
  const offers = deflate ? { 'sec-websocket-extensions': 'permessage-deflate' } : {};
  const asked = protocols.length === 0 ? {} : { 'sec-websocket-protocol': protocols.join(', ') };
  const stream = session.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':path': path,
    'sec-websocket-version': '13',
    ...asked,
    ...offers,
    ...headers,
  });
  stream.on('error', () => {});
  const answered = once(stream, 'response') as Promise<[http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader]>;
  const lost = once(stream, 'close').then(() => Promise.reject(new Error('the stream is no more')));
  lost.catch(() => {});
  const [answer] = await Promise.race([answered, lost]);
  if (answer[':status'] !== 200) {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    throw new Refused(answer[':status'] ?? 0, answer, Buffer.concat(chunks).toString('latin1'));
  }
  const agreed = answer['sec-websocket-extensions'] !== undefined;
  if (agreed) {
    extension.offer();
    extension.accept([{}]);
  }
  return adopted(stream, { isServer: false, protocol: answer['sec-websocket-protocol'], deflate: agreed && extension });
}

type Adopted = { readonly isServer: boolean; readonly protocol: unknown; readonly deflate: Deflate | false };

function adopted(stream: Duplex, { isServer, protocol, deflate }: Adopted): WebSocket {
  const socket = Reflect.construct(WebSocket, [null, undefined, { autoPong: true, closeTimeout: 30_000 }]) as WebSocket;
  const inside = socket as unknown as Adopting;
  inside._isServer = isServer;
  if (typeof protocol === 'string') inside._protocol = protocol;
  if (deflate !== false) inside._extensions['permessage-deflate'] = deflate;
  inside.setSocket(stream, Buffer.alloc(0), { maxPayload: MAX_BYTES, skipUTF8Validation: false });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

export type OpenedAtOrigin = { readonly socket: WebSocket; readonly headers: Readonly<Record<string, unknown>> };

export type WebSocketOrigin = {
  readonly port: number;
  /** The next that opens; those that nobody has asked for are kept in order. */
  readonly next: () => Promise<OpenedAtOrigin>;
  /** Connections that are open to it. */
  readonly connections: () => number;
  /** Cuts every connection to it by a reset. */
  readonly reset: () => void;
};

export type OriginOptions = {
  readonly speaks?: 'h1' | 'h2c' | 'h2';
  readonly tls?: Certificates;
  readonly deflate?: boolean;
  /** Picks one of the protocols that are asked for. */
  readonly pick?: (protocols: readonly string[]) => string | undefined;
  /** Answers a request that is no handshake, or one that is to be refused. */
  readonly refuse?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
};

/** An origin whose WebSockets are those of `ws`, over HTTP/1.1 or over streams of HTTP/2. Ends with the test. */
export async function startWebSocketOrigin(options: OriginOptions = {}): Promise<WebSocketOrigin> {
  const { speaks = 'h1' } = options;
  const opened: OpenedAtOrigin[] = [];
  const waiting: ((one: OpenedAtOrigin) => void)[] = [];
  const sockets = new Set<Socket>();
  const tell = (one: OpenedAtOrigin): void => {
    one.socket.on('error', () => {});
    const first = waiting.shift();
    if (first === undefined) opened.push(one);
    else first(one);
  };
  const server = speaks === 'h1' ? h1Server(options, tell) : h2Server(options, tell);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reset = (): void => {
    for (const socket of sockets) if (socket instanceof Socket) socket.resetAndDestroy();
  };
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    next: () => {
      const first = opened.shift();
      return first === undefined ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(first);
    },
    connections: () => sockets.size,
    reset,
  };
}

function h1Server(options: OriginOptions, tell: (one: OpenedAtOrigin) => void) {
  const { deflate = false, pick = (protocols) => protocols[0], refuse } = options;
  const answer = (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(refuse?.status ?? 200, refuse?.headers).end(refuse?.body ?? 'ok');
  const server = createServer(answer);
  if (refuse !== undefined) return server;
  const sockets = new WebSocketServer({
    server,
    maxPayload: MAX_BYTES,
    perMessageDeflate: deflate,
    handleProtocols: (protocols) => pick([...protocols]) ?? false,
  });
  sockets.on('connection', (socket, { headers }) => tell({ socket, headers }));
  return server;
}

function h2Server(options: OriginOptions, tell: (one: OpenedAtOrigin) => void): http2.Http2Server {
  const { deflate = false, pick = (protocols) => protocols[0], refuse, tls } = options;
  const settings = { settings: { enableConnectProtocol: true } };
  const server =
    tls === undefined
      ? http2.createServer(settings)
      : (http2.createSecureServer({ ...settings, cert: tls.cert, key: tls.key }) as unknown as http2.Http2Server);
  server.on('session', (session) => session.on('error', () => {}));
  server.on('stream', (taken, headers) => {
    const stream = taken as http2.ServerHttp2Stream;
    stream.on('error', () => {});
    if (refuse !== undefined || headers[':protocol'] !== 'websocket') {
      stream.respond({ ':status': refuse?.status ?? 200, ...refuse?.headers });
      stream.end(refuse?.body ?? 'ok');
      return;
    }
    const asked = headers['sec-websocket-protocol'] ?? '';
    const protocol = asked === '' ? undefined : pick(asked.split(/, ?/));
    const agreed = deflate && headers['sec-websocket-extensions'] !== undefined;
    const extension = new PerMessageDeflate({ isServer: true });
    if (agreed) extension.accept([{}]);
    stream.respond({
      ':status': 200,
      ...(protocol === undefined ? {} : { 'sec-websocket-protocol': protocol }),
      ...(agreed ? { 'sec-websocket-extensions': 'permessage-deflate' } : {}),
    });
    tell({ socket: adopted(stream, { isServer: true, protocol, deflate: agreed && extension }), headers });
  });
  return server;
}

export type Message = { readonly data: Buffer; readonly binary: boolean };

/** The next messages of a WebSocket, in order; to be made before any of them can come. */
export function messagesOf(socket: WebSocket): () => Promise<Message> {
  const come: Message[] = [];
  const waiting: ((one: Message) => void)[] = [];
  socket.on('message', (data: Buffer, binary) => {
    const first = waiting.shift();
    if (first === undefined) come.push({ data, binary });
    else first({ data, binary });
  });
  return () => {
    const first = come.shift();
    return first === undefined ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(first);
  };
}

/** How a WebSocket closes: its status, 1006 where none was said, and the reason. */
export async function closeOf(socket: WebSocket): Promise<string> {
  const [status, reason] = (await once(socket, 'close')) as [number, Buffer];
  return `${status} ${reason.toString()}`;
}
