import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server as NetServer, type Socket } from 'node:net';

/** What an origin saw of one request. */
export type Seen = {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
};

export type Origin = {
  readonly port: number;
  readonly seen: Seen[];
  /** Stops listening and resets every connection: what a killed process looks like. */
  readonly kill: () => Promise<void>;
  /** Listens again on the same port. */
  readonly revive: () => Promise<void>;
  /** From now on connections are accepted and requests never answered. */
  hang: boolean;
};

export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** A real HTTP origin on loopback. It answers health checks itself, and everything else with `answer`. */
export async function startOrigin(name: string, answer: Answer = (_, response) => response.end(name)): Promise<Origin> {
  const sockets = new Set<Socket>();
  const seen: Seen[] = [];
  let server = build();
  const port = await listen(server, 0);
  const origin: Origin = {
    port,
    seen,
    hang: false,
    kill: () => stop(server, sockets),
    revive: async () => {
      server = build();
      await listen(server, port);
    },
  };
  return origin;

  function build(): Server {
    const made = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      if (origin.hang) return;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        if (request.url === '/healthz') {
          response.end('ok');
          return;
        }
        seen.push({ method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders, body });
        answer(request, response, body);
      });
    });
    made.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return made;
  }
}

/** A TCP origin that does what `onConnection` says, for answers that no HTTP library would send. */
export async function startRawOrigin(
  onConnection: (socket: Socket) => void,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  const port = await listen(server, 0);
  return { port, close: () => stop(server, sockets) };
}

function listen(server: NetServer, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function stop(server: NetServer, sockets: Set<Socket>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  for (const socket of sockets) socket.resetAndDestroy();
  return promise;
}
