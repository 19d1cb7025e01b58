/*
 * A server of gRPC without TLS, as a process of its own: `origin.ts --ports 0,0`. It tells its ports to its parent, and answers every
 * call with one message of 5 bytes and success, and every other request, such as a check, with 200.
 */
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

const MESSAGE = Buffer.from('\0\0\0\0\u0005hello', 'latin1');

const { values } = parseArgs({ options: { ports: { type: 'string', default: '0' } } });
process.send?.(await Promise.all(values.ports.split(',').map((port) => listen(Number(port)))));

async function listen(port: number): Promise<number> {
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {});
    stream.resume();
    if (headers['content-type'] === 'application/grpc') stream.once('end', () => answer(stream));
    else {
      stream.respond({ ':status': 200 });
      stream.end('ok');
    }
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve);
  await promise;
  return (server.address() as AddressInfo).port;
}

function answer(stream: ServerHttp2Stream): void {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(MESSAGE);
}
