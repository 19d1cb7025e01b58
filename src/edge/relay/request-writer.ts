import { writeText } from '../client/direct-write.ts';
import type { RequestSink } from '../upstream/upstream.ts';
import type { KeptBody } from './kept-body.ts';

/** Up to this size a body is made one string with its head: one write, without a list of buffers. */
const INLINE_BYTES_MAX = 4 * 1024;

/** Sends a head, and what there is of the body so far. */
export function writeRequest(socket: RequestSink, head: string, body: KeptBody): void {
  if (body.keptBytes === 0) {
    writeText(socket, head + body.text);
    if (body.text !== '') body.letGo();
    return;
  }
  if (body.keptBytes <= INLINE_BYTES_MAX && socket.gathers !== true) {
    let text = head;
    for (const piece of body.kept) text += piece.toString('latin1');
    writeText(socket, text);
  } else {
    socket.cork();
    socket.write(head, 'latin1');
    for (const piece of body.kept) socket.write(piece);
    socket.uncork();
  }
  body.letGo();
}
