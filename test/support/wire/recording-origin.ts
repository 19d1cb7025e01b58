import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Message, MessageReader } from './message-reader.ts';

/** One connection of the edge to an origin, and every byte that came over it. */
export type OriginConnection = {
  readonly socket: Socket;
  /** The whole requests that came over it. */
  readonly requests: Message[];
  readonly reader: MessageReader;
  readonly bytes: () => string;
  /** Answers that were written in full, as far as the script says so. */
  answered: number;
  closed: boolean;
  write(bytes: string): void;
  /** Writes the rest of an answer: the request is answered. */
  answer(bytes: string): void;
  /** The last bytes of an answer, and the end of the connection. */
  finish(bytes: string): void;
};

/** What an origin does with its `nth` request: the bytes of a whole answer, or whatever it likes. */
export type Answer = string | ((request: Message, connection: OriginConnection, nth: number) => void | Promise<void>);

export type OriginScript = {
  readonly answer: Answer;
  /** At the end of a request's head, before its body has come. */
  readonly head?: ((connection: OriginConnection, start: string) => void) | undefined;
  readonly connected?: ((connection: OriginConnection, nth: number) => void) | undefined;
};

export type RecordingOrigin = {
  readonly port: number;
  readonly connections: OriginConnection[];
  /** Whole requests, in the order in which they were complete. */
  readonly requests: Message[];
  /** Takes no more connections and resets those that there are. */
  readonly kill: () => Promise<void>;
};

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** An origin on a bare socket, which keeps what reaches it and answers byte for byte what its script says. */
export async function startRecordingOrigin(script: OriginScript): Promise<RecordingOrigin> {
  const connections: OriginConnection[] = [];
  const requests: Message[] = [];
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    const connection = record(socket, { script, requests });
    connections.push(connection);
    script.connected?.(connection, connections.length - 1);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const kill = (): Promise<void> => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    server.close(() => close());
    for (const { socket } of connections) if (!socket.destroyed) socket.resetAndDestroy();
    return closed;
  };
  onTestFinished(kill);
  return { port: (server.address() as AddressInfo).port, connections, requests, kill };
}

function record(
  socket: Socket,
  { script, requests }: { readonly script: OriginScript; readonly requests: Message[] },
): OriginConnection {
  const chunks: Buffer[] = [];
  const own: Message[] = [];
  const reader = new MessageReader({
    side: 'request',
    head: (start) => script.head?.(connection, start),
    message: (message) => {
      own.push(message);
      requests.push(message);
      if (typeof script.answer === 'string') connection.answer(script.answer);
      else void script.answer(message, connection, requests.length - 1);
    },
  });
  const connection: OriginConnection = {
    socket,
    requests: own,
    reader,
    bytes: () => Buffer.concat(chunks).toString('latin1'),
    answered: 0,
    closed: false,
    write: (bytes) => void socket.write(bytes, 'latin1'),
    answer: (bytes) => {
      connection.answered += 1;
      socket.write(bytes, 'latin1');
    },
    finish: (bytes) => {
      connection.answered += 1;
      socket.end(bytes, 'latin1');
    },
  };
  socket.on('data', (bytes: Buffer) => {
    chunks.push(bytes);
    reader.push(bytes);
  });
  socket.on('end', () => socket.end());
  socket.on('error', () => {});
  socket.once('close', () => {
    connection.closed = true;
  });
  return connection;
}
