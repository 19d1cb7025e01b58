import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Message, MessageReader, valuesOf } from '../support/wire/message-reader.ts';
import { KNOWN_METHODS, readRequests } from './reference.ts';

/** What arrived of whom: the edge says it, in a header that no stranger can write. */
export type Arrival = { readonly address: string; readonly request: Message; readonly socket: Socket };

export type FuzzOrigin = {
  readonly port: number;
  /** Connections that are in the middle of a request. */
  readonly busy: () => number;
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

/** So much of a connection is kept before it is checked. */
const KEPT_BYTES_MAX = 32 * 1024;

/**
 * An origin that reads by the letter, and has all it read read once more by llhttp: two strict parsers have to agree on what the edge
 * wrote. `wrong` is told where they do not.
 */
export async function startFuzzOrigin(
  arrived: (arrival: Arrival) => void,
  wrong: (what: string) => void,
): Promise<FuzzOrigin> {
  const open = new Map<Socket, MessageReader>();
  const server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => {
    let text = '';
    let read: Message[] = [];
    const reader = new MessageReader({
      side: 'request',
      message: (request) => {
        read.push(request);
        arrived({ address: valuesOf(request.headers, 'x-forwarded-for').join(), request, socket });
      },
    });
    const check = (): void => {
      if (reader.problem !== undefined)
        wrong(`the origin read ${reader.problem} in ${JSON.stringify(text.slice(-2000))}`);
      const whole = readRequests(text).messages.filter(({ complete }) => complete);
      const [theirs, ours] = [whole.map(({ method, target, body }) => `${method} ${target} ${body}`), read.map(said)];
      // llhttp stops at a method that is not in its list; the wire engine sends any.
      const stopped = ours[theirs.length];
      const other = stopped !== undefined && !KNOWN_METHODS.includes(stopped.split(' ', 1)[0] as string);
      const same = other ? ours.slice(0, theirs.length) : ours;
      if (theirs.join('\n') !== same.join('\n')) wrong(`two parsers differ about ${JSON.stringify(text.slice(-2000))}`);
      text = '';
      read = [];
    };
    open.set(socket, reader);
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      reader.push(bytes);
      if (reader.problem !== undefined) socket.destroy();
      if (text.length > KEPT_BYTES_MAX && !reader.inside) check();
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      open.delete(socket);
      check();
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve);
  await promise;
  return {
    port: (server.address() as AddressInfo).port,
    busy: () => [...open.values()].filter((reader) => reader.inside).length,
    connections: () => open.size,
    stop: () => {
      const { promise: closed, resolve: close } = Promise.withResolvers<void>();
      server.close(() => close());
      for (const socket of open.keys()) socket.destroy();
      return closed;
    },
  };
}

function said({ start, body }: Message): string {
  return `${start.slice(0, start.lastIndexOf(' '))} ${body}`;
}
