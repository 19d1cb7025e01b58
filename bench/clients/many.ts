import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { AnswerCounter } from '../rig/answer-counter.ts';

/** Connections that are being opened at a time. */
const OPENING_MAX = 128;
/** One source address has no more ports than this for one destination, by a wide margin. */
const CLIENTS_PER_ADDRESS = 5000;
/** Descriptors that a process needs for itself. */
const SPARE_DESCRIPTORS = 500;

/** Opens `count` connections, from several addresses of loopback where one has too few ports, and readies each. */
export async function openMany(
  port: number,
  count: number,
  ready: (socket: Socket) => Promise<void>,
): Promise<readonly Socket[]> {
  assertDescriptors(count);
  const sockets: Socket[] = [];
  const opener = async (): Promise<void> => {
    while (sockets.length < count) {
      const localAddress = `127.0.0.${1 + Math.floor(sockets.length / CLIENTS_PER_ADDRESS)}`;
      const socket = connect({ host: '127.0.0.1', port, localAddress });
      sockets.push(socket);
      await connected(socket);
      await ready(socket);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(count, OPENING_MAX) }, opener));
    return sockets;
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw error;
  }
}

/** Sends a request and resolves when its whole answer, which must be 200, has come. */
export function ask(socket: Socket, path: string): Promise<void> {
  return exchange(socket, path, (answered) => {
    const counter = new AnswerCounter(answered);
    return (bytes) => counter.take(bytes);
  });
}

/** Sends a request, resolves when the head of its answer, which must be 200, has come, and reads no further. */
export function begin(socket: Socket, path: string): Promise<void> {
  let head = '';
  return exchange(socket, path, (answered) => (bytes) => {
    head += bytes.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    socket.pause();
    answered(Number(head.split(' ', 2)[1]));
  });
}

async function exchange(
  socket: Socket,
  path: string,
  take: (answered: (status: number) => void) => (bytes: Buffer) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const onData = take(resolve);
  const onClose = (): void => reject(new Error('the connection was closed before it answered'));
  socket.on('data', onData).once('close', onClose);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`);
  const status = await promise;
  socket.off('data', onData).off('close', onClose);
  if (status !== 200) throw new Error(`${path} was answered with ${status}`);
}

function connected(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  // Also later: a connection that breaks while it idles is counted as closed, and ends nothing.
  socket.on('error', reject);
  return promise;
}

/** Node raises the soft limit of a process to the hard one by itself; the hard one is the user's. */
export function assertDescriptors(count: number): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  const needed = count + SPARE_DESCRIPTORS;
  if (limit === 'unlimited' || Number(limit) >= needed) return;
  throw new Error(
    `${count} clients need ${needed} descriptors, and ulimit -Hn is ${limit}: raise it, or ask for fewer`,
  );
}
