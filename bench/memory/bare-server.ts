import { readFileSync } from 'node:fs';
import { createServer as createH2Server, createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/*
 * What Node itself takes for a connection that idles, as a process of its own: `node bare-server.ts bytes|http2 [CERT KEY]`. `bytes` is a server of
 * `node:tls`, or of `node:net` without a certificate, that answers the first bytes of each connection with one and passes over the rest; `http2` is one of
 * `node:http2` that answers each request with 100 bytes. It tells its port to its parent.
 */
const BODY = 'x'.repeat(100);

const [kind, cert, key] = process.argv.slice(2);
const server = kind === 'http2' ? http2() : bytes();
server.on('error', () => {});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send?.((server.address() as AddressInfo).port);
});

function bytes(): Server {
  const taken = (socket: Socket): void => {
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.once('data', () => socket.write('!'));
  };
  const files = pair();
  if (files === undefined) return createTcpServer(taken);
  return createTlsServer({ ...files, ALPNProtocols: ['h2', 'http/1.1'] }, taken);
}

function http2(): Server {
  const files = pair();
  const made = files === undefined ? createH2Server() : createSecureServer(files);
  made.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200 });
    stream.end(BODY);
  });
  return made;
}

function pair(): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  if (cert === undefined || key === undefined) return undefined;
  return { cert: readFileSync(cert), key: readFileSync(key) };
}
