import { Socket } from 'node:net';
import { type WordBytes, wordsOf } from '../message/same-head.ts';

/** Bytes of one read from a client. */
const READ_BYTES = 64 * 1024;

/**
 * Reads from connections that a server has accepted, without an allocation for each read. A socket that connects may be given
 * a buffer to read into (`onread`, documented); one that is accepted may not, and each of its reads takes 64 KiB from the
 * allocator and the collector. What the option does is done here to an accepted socket: it sets three properties and tells
 * the handle. They are found by asking a socket that was made with the option. Where this runtime has them not, nothing is
 * changed and the socket is read as always; `test/unit/edge/client/borrowed-reads.test.ts` says whether it has.
 *
 * All connections of a thread share one buffer: what is read, up to `to`, is looked at before the next read, and copied where it is kept.
 */
export function borrowReads(socket: Socket, onRead: (bytes: Buffer, to: number) => void): boolean {
  const handle = (socket as Insides)._handle;
  if (NAMES === undefined || typeof handle?.useUserBuffer !== 'function') return false;
  const inside = socket as unknown as Record<symbol, unknown>;
  inside[NAMES.buffer] = SHARED;
  inside[NAMES.make] = null;
  inside[NAMES.callback] = (count: number): boolean => {
    onRead(SHARED, count);
    return true;
  };
  handle.useUserBuffer(SHARED);
  // Whoever looked at its first bytes before, for a PROXY header perhaps, has put the rest back into the stream.
  if (socket.readableLength > 0) process.nextTick(readBack, socket, onRead);
  return true;
}

function readBack(socket: Socket, onRead: (bytes: Buffer, to: number) => void): void {
  const bytes = socket.read() as Buffer | null;
  if (bytes !== null) onRead(bytes, bytes.length);
}

/** From now on what the socket reads is its stream's again, as if nobody had ever borrowed it. */
export function giveBackReads(socket: Socket): void {
  if (NAMES === undefined) return;
  const inside = socket as unknown as Record<symbol, unknown>;
  if (inside[NAMES.buffer] !== SHARED) return;
  inside[NAMES.callback] = (count: number): boolean => socket.push(Buffer.from(SHARED.subarray(0, count)));
}

const SHARED = Buffer.allocUnsafeSlow(READ_BYTES);
/** What is being read, whoever it is from. */
export const LENT: WordBytes = { whole: SHARED, words: wordsOf(SHARED) };

type Insides = Socket & { readonly _handle?: { readonly useUserBuffer?: (buffer: Buffer) => void } };
type Names = { readonly buffer: symbol; readonly callback: symbol; readonly make: symbol };

const NAMES = namesOf();

function namesOf(): Names | undefined {
  const made = new Socket({ onread: { buffer: new Uint8Array(1), callback: () => true } });
  const symbols = Object.getOwnPropertySymbols(made);
  made.destroy();
  const [buffer, callback, make] = ['kBuffer', 'kBufferCb', 'kBufferGen'].map((name) =>
    symbols.find(({ description }) => description === name),
  );
  return buffer === undefined || callback === undefined || make === undefined ? undefined : { buffer, callback, make };
}
