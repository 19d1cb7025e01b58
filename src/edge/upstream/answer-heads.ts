import { parseResponse, type ResponseHead } from '../message/response-head.ts';
import { SameHead } from '../message/same-head.ts';
import { HEADROOM_BYTES, type ReadBuffer } from './read-buffer.ts';

/** Reads the heads of the answers on one connection, most of which say within a second what the one before said. */
export class AnswerHeads {
  /** The head that was read last, which the connection's `ResponseHead` still has. */
  readonly #same = new SameHead();

  /** The same as `parseResponse`, with a `head` that nobody else writes to, except that it may be made not to keep alive. */
  read(buffer: ReadBuffer, at: number, to: number, head: ResponseHead): number {
    const first = at === HEADROOM_BYTES;
    const same = first ? this.#same.endAt(buffer, at, to) : 0;
    if (same !== 0) {
      head.again = true;
      head.keepAlive = true;
      return same;
    }
    this.#same.forget();
    const end = parseResponse(buffer.whole, at, to, head);
    // What comes before the answer, or after which nothing comes, is not looked out for.
    if (first && end > 0 && head.status >= 200 && head.keepAlive) this.#same.remember(buffer, at, end);
    return end;
  }
}

/** An interim answer may not end the connection, since the final one is still to come; a 101 has to be asked for, and has to name a protocol. */
export function isMisplaced({ status, keepAlive, upgrade }: ResponseHead, switches: boolean): boolean {
  if (status >= 200) return false;
  return !keepAlive || (status === 101 && !(switches && upgrade !== ''));
}
