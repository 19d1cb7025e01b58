import type { Socket } from 'node:net';
import type { Upstream } from '../../upstream/upstream.ts';
import { writeText } from '../../writes/direct-write.ts';
import type { LateText } from '../../writes/late-text.ts';

/** Up to this size a body is made one string with its head. */
const INLINE_BYTES_MAX = 1024;

/**
 * Sends a head and the first bytes of the body in one write. Small ones are one string, which `late` gets where
 * there is one: nothing follows it. Of larger ones the head is put right
 * before the body, into the buffer that it was read into, and nothing is copied; where the socket does not take all of it at
 * once, the buffer is its own until it has.
 */
export function writeAnswer(socket: Socket, head: string, upstream: Upstream, late?: LateText): void {
  const { bytes, from, to } = upstream.piece;
  if (upstream.framing === 'close' || (upstream.framing === 'chunked' && upstream.chunks.omitted.length > 0)) {
    socket.cork();
    socket.write(head, 'latin1');
    writeBody(socket, upstream);
    socket.uncork();
  } else if (to - from <= INLINE_BYTES_MAX) {
    const text = to === from ? head : head + bytes.toString('latin1', from, to);
    if (late === undefined) writeText(socket, text);
    else late.write(text);
  } else if (isEncrypted(socket) || head.length > from) {
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(from, to)]));
  } else {
    bytes.write(head, from - head.length, 'latin1');
    writeInPlace(socket, upstream, bytes.subarray(from - head.length, to));
  }
}

/** Sends more of the body: as it came, except that what has no framing of its own is put into chunks. */
export function writeBody(socket: Socket, upstream: Upstream): void {
  const { bytes, from, to } = upstream.piece;
  if (upstream.framing === 'close') writeChunk(socket, bytes.subarray(from, to), upstream);
  else if (upstream.framing === 'chunked' && upstream.chunks.omitted.length > 0) {
    // Its trailers have been looked through.
    socket.write(upstream.chunks.without(bytes, from, to, upstream.chunks.trailers));
  } else if (to === from) return;
  else if (isEncrypted(socket)) socket.write(Buffer.from(bytes.subarray(from, to)));
  else writeInPlace(socket, upstream, bytes.subarray(from, to));
}

function writeInPlace(socket: Socket, upstream: Upstream, view: Buffer): void {
  socket.write(view);
  if (socket.writableLength > 0) upstream.keepBytes();
}

function writeChunk(socket: Socket, data: Buffer, { done, trailers }: Upstream): void {
  const end = done ? `0\r\n${trailers}\r\n` : '';
  if (data.length === 0) {
    if (done) socket.write(end, 'latin1');
    return;
  }
  const size = Buffer.from(`${data.length.toString(16)}\r\n`, 'latin1');
  socket.write(Buffer.concat([size, data, Buffer.from(`\r\n${end}`, 'latin1')]));
}

function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket;
}
