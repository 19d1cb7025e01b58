import { LENT } from '../../client/borrowed-reads.ts';
import { refusalAnswer } from '../../message/answer.ts';
import { SameHead } from '../../message/same-head.ts';
import { parseRequest, type WireHead } from '../grammar/request-head.ts';

/** A head that comes in more pieces than this is for the general engine, whose parser remembers where it was. */
export const HEAD_READS_MAX = 8;

/** What a client is told whose request is none. */
export const NO_REQUEST = refusalAnswer(400, 'the request is not valid HTTP/1.1');

/** Reads the heads of one connection, most of which say again what the one before said. */
export class HeadReader {
  /** The head that was read last, which the connection's `WireHead` still has. */
  readonly #same = new SameHead();

  /** The same as `parseRequest`, with a `head` that nobody else writes to, except that it may be made to close. */
  read(bytes: Buffer, at: number, to: number, head: WireHead): number {
    // Only what has just been read can be looked at as words, and only from its beginning on.
    const lent = at === 0 && bytes === LENT.whole;
    const same = lent ? this.#same.endAt(LENT, 0, to) : 0;
    if (same !== 0) {
      head.again = true;
      head.close = false;
      return same;
    }
    this.#same.forget();
    const end = parseRequest(bytes, at, to, head);
    if (lent && end > 0 && !head.close) this.#same.remember(LENT, 0, end);
    return end;
  }
}

/** An OPTIONS whose `Max-Forwards` is used up goes no further; the general engine has a look. */
export function mayEndHere(head: WireHead): boolean {
  return head.method === 'OPTIONS' && head.first('max-forwards') !== undefined;
}
