import type { Upstream } from '../upstream/upstream.ts';
import { writeText } from '../writes/direct-write.ts';
import type { KeptBody } from './kept-body.ts';

/** Up to this size a body is made one string with its head: one write, without a list of buffers. */
const INLINE_BYTES_MAX = 4 * 1024;

/** Sends a head, and what there is of the body so far. */
export function writeRequest({ socket, late }: Upstream, head: string, body: KeptBody): void {
  if (body.keptBytes === 0) {
    // More of the body may come in this very turn, and must not overtake its head.
    if (body.ended && late !== undefined) late.write(head + body.text);
    else writeText(socket, head + body.text);
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
