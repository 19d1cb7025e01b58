import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import type { CheckTarget } from '../../../src/health/check.ts';
import { CERTIFICATE, KEY } from './certificate.ts';

/** A server on loopback that a test owns, which notes connections and can be stopped while they are open. */
export class Origin {
  readonly port: number;
  readonly sockets: Socket[] = [];
  readonly #server: TcpServer;

  private constructor(server: TcpServer) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static http(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<Origin> {
    const server: Server = createServer(listener);
    // The test says when a connection ends, not a timer of the server.
    server.keepAliveTimeout = 0;
    return Origin.#open(server, host, port);
  }

  static https(listener: RequestListener): Promise<Origin> {
    return Origin.#open(createTlsServer({ cert: CERTIFICATE, key: KEY }, listener), '127.0.0.1', 0);
  }

  static tcp(onConnection: (socket: Socket) => void): Promise<Origin> {
    const server = createTcpServer((socket) => {
      // Read even when the test does not, or the end of a connection would go unnoticed.
      socket.resume();
      onConnection(socket);
    });
    return Origin.#open(server, '127.0.0.1', 0);
  }

  static async #open(server: TcpServer, host: string, port: number): Promise<Origin> {
    server.listen(port, host);
    await once(server, 'listening');
    const origin = new Origin(server);
    server.on('connection', (socket: Socket) => {
      origin.sockets.push(socket);
      socket.on('error', () => {});
    });
    return origin;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A port on loopback that refuses connections. */
export async function refusingPort(): Promise<number> {
  const origin = await Origin.tcp(() => {});
  await origin.stop();
  return origin.port;
}

export function targetOf(port: number, more: Partial<CheckTarget> = {}): CheckTarget {
  return {
    url: { protocol: 'http', host: '127.0.0.1', port, basePath: '' },
    path: '/healthz',
    host: undefined,
    protocol: 'h1',
    grpc: undefined,
    timeoutMs: 2000,
    connectMs: 1000,
    keepAliveMs: 60_000,
    expect: [[200, 399]],
    ca: undefined,
    shown: undefined,
    serverName: undefined,
    verifyName: undefined,
    insecure: false,
    ...more,
  };
}
