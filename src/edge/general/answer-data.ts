import type { Upstream } from '../upstream/upstream.ts';

/** More than this is not copied out of the buffer that it was read into: the connection gets another one. */
export const COPIED_BYTES_MAX = 64 * 1024;

type Take = (upstream: Upstream, bytes: Buffer, from: number, to: number) => Buffer;

/** The data in the piece of a body that a connection hands over, without its framing, for whoever takes it to keep; undefined: none. */
export function dataOf(upstream: Upstream): Buffer | undefined {
  return dataBy(own, upstream);
}

/** The same for whoever takes what is lent: where it is in one piece, it is where it was read. */
export function lentDataOf(upstream: Upstream): Buffer | undefined {
  return dataBy(lent, upstream);
}

function dataBy(take: Take, upstream: Upstream): Buffer | undefined {
  const { bytes, from, to } = upstream.piece;
  if (upstream.framing !== 'chunked') return to === from ? undefined : take(upstream, bytes, from, to);
  const { data, dataOffsets } = upstream.chunks;
  if (dataOffsets === 0) return undefined;
  if (dataOffsets === 2) return take(upstream, bytes, data[0] as number, data[1] as number);
  const pieces: Buffer[] = [];
  for (let i = 0; i < dataOffsets; i += 2) pieces.push(bytes.subarray(data[i], data[i + 1]));
  return Buffer.concat(pieces);
}

function lent(_: Upstream, bytes: Buffer, from: number, to: number): Buffer {
  return bytes.subarray(from, to);
}

function own(upstream: Upstream, bytes: Buffer, from: number, to: number): Buffer {
  const view = bytes.subarray(from, to);
  if (view.length <= COPIED_BYTES_MAX) return Buffer.from(view);
  upstream.keepBytes();
  return view;
}
