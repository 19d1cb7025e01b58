import { StreamSide } from '../frames/stream-side.ts';
import type { H2Deps } from './h2-deps.ts';
import type { OnStream, StreamHandler } from './stream-handler.ts';

/** Makes a client's stream one side of a tunnel; `unread` bytes of it have come before. */
export function clientSide({ deadlines }: Pick<H2Deps, 'deadlines'>, { session, stream }: OnStream, unread: number) {
  const port = {
    deadlines,
    send: (bytes: Buffer) => session.data(stream, bytes, 0, bytes.length),
    end: () => session.end(stream),
    read: (bytes: number) => session.read(stream, bytes),
    reset: (code: number) => session.reset(stream, code),
  };
  const side = new StreamSide(port, stream as never, unread);
  const handler: StreamHandler = {
    data: (bytes, last) => side.data(bytes, last),
    // Behind a tunnel there is nothing to be said.
    trailers: () => side.ended(),
    drained: () => side.drained(),
    sent: () => side.sent(),
    gone: () => side.gone(),
  };
  stream.handler = handler;
  return side;
}
