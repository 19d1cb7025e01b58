import { type WordBytes, wordsOf } from '../message/same-head.ts';

/** Room before the bytes that are read, in which the head of the answer to the client is written: both go out in one write. */
export const HEADROOM_BYTES = 4 * 1024;
/** Bytes of one read. */
export const READ_BYTES = 128 * 1024;

/** What one connection reads into: the whole, the part behind the room for a head, and the whole as words. */
export type ReadBuffer = WordBytes & { readonly whole: Buffer; readonly view: Uint8Array };

/** A buffer with room for one read and the head before it. Its memory is not cleared. */
export function newBuffer(): ReadBuffer {
  const whole = Buffer.allocUnsafeSlow(HEADROOM_BYTES + READ_BYTES);
  return { whole, view: whole.subarray(HEADROOM_BYTES), words: wordsOf(whole) };
}
