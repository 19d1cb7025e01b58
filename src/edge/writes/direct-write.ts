import { Socket } from 'node:net';

/**
 * The same as `socket.write(text, 'latin1')` without what a stream does for each write: the socket's handle is asked at once, and where the
 * kernel takes all of it, which it nearly always does, the stream is left out.
 *
 * Where it does not, or fails, the stream is told: it makes the same call, and finds what came of it. From then on it is a write like any
 * other, with its back pressure, its errors and its end. A stream that has something to write already, or has ended, gets
 * the write itself, as do TLS, whose writes are never done at once, and whatever is no socket.
 *
 * How the handle is asked is no part of the runtime's documentation; a socket is asked at the start whether it asks its own in that way
 * (`test/unit/edge/writes/direct-write.test.ts` says so of this one). Where it does not, this is the documented write.
 */
export function writeText(sink: TextSink, text: string): boolean {
  const socket = sink as unknown as Insides;
  const handle = ASKS_DIRECTLY && socket.encrypted !== true ? socket._handle : undefined;
  if (handle === undefined || handle === null) return sink.write(text, 'latin1');
  const busy = socket.writableLength > 0 || socket.writableCorked > 0 || socket.connecting;
  if (busy || socket.writableEnded || socket.destroyed) return socket.write(text, 'latin1');
  const came = handle.writeLatin1String(null, text);
  return came === 0 || writeAgain(socket, handle, text, came);
}

/** Has the stream make the same write, which finds what has come of it. */
function writeAgain(socket: Socket, handle: Handle, text: string, came: number | object): boolean {
  const own = handle as { writeLatin1String?: Handle['writeLatin1String'] };
  own.writeLatin1String = () => came;
  try {
    return socket.write(text, 'latin1');
  } finally {
    // What the handle inherits is there again.
    delete own.writeLatin1String;
  }
}

/** A socket, or what takes text as one does. */
export type TextSink = { write(text: string, encoding: 'latin1'): boolean };
/** 0: written; another number: an error; an object: a request that is under way. */
type Handle = { writeLatin1String: (request: null, text: string) => number | object };
type Insides = Socket & { readonly _handle?: Handle | null; readonly encrypted?: boolean };

const ASKS_DIRECTLY = asksDirectly();

/** Whether sockets of this runtime hand no request to their handle and take one back. */
function asksDirectly(): boolean {
  let request: unknown;
  const handle = {
    writeLatin1String: (first: unknown) => {
      request = first;
      return 0;
    },
    readStart: () => 0,
    close: () => {},
  };
  const socket = new Socket({ handle } as object);
  socket.on('error', () => {});
  socket.write('x', 'latin1');
  socket.destroy();
  return request === null;
}
