import { createServer } from 'node:net';

/** The least that a 503 can cost: for each read one answer that is ready, of the length that an edge's has. */
const HEAD = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 70\r\n';
const ANSWER = `${HEAD}X-Filler: ${'x'.repeat(300)}\r\n\r\n${'x'.repeat(70)}`;

const server = createServer((socket) => {
  socket.on('data', () => socket.write(ANSWER, 'latin1'));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
