import type { Stream } from '../../frames/stream.ts';
import { StreamSide } from '../../frames/stream-side.ts';
import type { EndpointStreamHandler } from './endpoint-stream-handler.ts';
import type { StreamHome } from './stream-home.ts';

/** Makes a stream on which an endpoint has agreed to a WebSocket one side of a tunnel. */
export function endpointSide(home: StreamHome, stream: Stream<EndpointStreamHandler>): StreamSide {
  const port = {
    deadlines: home.deadlines,
    send: (bytes: Buffer) => home.send(stream, bytes),
    end: () => home.end(stream, []),
    read: (bytes: number) => home.read(stream, bytes),
    reset: (code: number) => home.cancel(stream, code),
  };
  const side = new StreamSide(port, stream as never, 0);
  stream.handler = {
    answered: true,
    heard: true,
    // Behind a tunnel there is nothing to be said.
    fields: () => side.ended(),
    data: (bytes, from, to) => side.data(bytes.subarray(from, to), stream.remoteEnded),
    drained: () => side.drained(),
    sent: () => side.sent(),
    lost: () => side.gone(),
    faulted: (error) => {
      side.destroy();
      throw error;
    },
  };
  return side;
}
