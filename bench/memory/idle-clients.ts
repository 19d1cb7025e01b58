import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Over } from './over.ts';

/*
 * Clients that make one request and then idle, as a process of its own: `node idle-clients.ts PORT OVER COUNT`. It says so when all of them
 * have their answer, and in the end how many were closed meanwhile. Its own memory is nobody's concern.
 */

/** Connections that are being opened at a time. */
const OPENING_MAX = 32;
/** One source address has no more ports than this for one destination, by a wide margin. */
const CLIENTS_PER_ADDRESS = 5000;
const PATH = '/bytes/100';
const HEAD_BYTES = 9;
const [HEADERS, SETTINGS, END_STREAM, END_HEADERS, ACK] = [1, 4, 1, 4, 1];

/** GET of the path on stream 1, behind the preface, settings, and the acknowledgement of the server's. */
const H2_REQUEST = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(SETTINGS, 0, 0),
  frame(SETTINGS, ACK, 0),
  frame(
    HEADERS,
    END_STREAM | END_HEADERS,
    1,
    Buffer.concat([Buffer.from([0x82, 0x87]), text(4, PATH), text(1, 'bench')]),
  ),
]);
const H1_REQUEST = Buffer.from(`GET ${PATH} HTTP/1.1\r\nHost: bench\r\n\r\n`);

const [port, over, count] = process.argv.slice(2) as [string, Over, string];
const sockets: Socket[] = [];
const opener = async (): Promise<void> => {
  while (sockets.length < Number(count)) {
    const localAddress = `127.0.0.${1 + Math.floor(sockets.length / CLIENTS_PER_ADDRESS)}`;
    const socket = opened(localAddress);
    sockets.push(socket);
    await answered(socket);
  }
};
await Promise.all(Array.from({ length: OPENING_MAX }, opener));
process.send?.('open');
process.once('message', () => {
  process.send?.(sockets.filter(({ closed, readableEnded }) => closed || readableEnded).length);
});

function opened(localAddress: string): Socket {
  const at = { port: Number(port), host: '127.0.0.1', localAddress };
  if (over === 'h2c' || over === 'h1') return connectTcp(at);
  const protocol = over === 'h2-tls' ? 'h2' : 'http/1.1';
  return connectTls({ ...at, rejectUnauthorized: false, servername: 'localhost', ALPNProtocols: [protocol] });
}

/** Asks, and resolves with the whole answer; a server of nothing but TLS answers with a byte. */
function answered(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let bytes = Buffer.alloc(0);
  const onData = (piece: Buffer): void => {
    bytes = Buffer.concat([bytes, piece]);
    if (!isWhole(bytes)) return;
    socket.off('data', onData).off('close', onClose).resume();
    resolve();
  };
  const onClose = (): void => reject(new Error('a connection was closed before its answer'));
  socket.on('data', onData).once('close', onClose);
  socket.on('error', () => {});
  socket.write(over === 'h1' || over === 'h1-tls' ? H1_REQUEST : H2_REQUEST);
  return promise;
}

function isWhole(bytes: Buffer): boolean {
  if (bytes.length === 1) return true;
  if (bytes.subarray(0, 5).toString('latin1') === 'HTTP/') return bytes.includes('\r\n\r\n') && bytes.at(-1) === 0x78;
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const next = at + HEAD_BYTES + bytes.readUIntBE(at, 3);
    const isEnd = bytes.readUInt32BE(at + 5) === 1 && ((bytes[at + 4] as number) & END_STREAM) !== 0;
    if (isEnd && next <= bytes.length) return true;
    at = next;
  }
  return false;
}

function frame(type: number, flags: number, id: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

/** A literal that nobody is to keep, with a name of the static table. */
function text(name: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([name, value.length]), Buffer.from(value)]);
}
