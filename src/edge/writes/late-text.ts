import { atEndOfTurn } from '../../table/timers.ts';
import { type TextSink, writeText } from './direct-write.ts';

/*
 * What is ready in one turn of the event loop goes out together at its end.
 *
 * A write to a process that sleeps wakes it, and that costs the writer several microseconds, as much as the rest of the write. Where each request
 * is read and written in turn, the other side has dealt with one, and sleeps again, before the next one comes. Written right after each other, the
 * first of them wakes it for all.
 */

/** So many are not waited for any longer: in a long turn the other side is to have begun by then. */
export const WAITING_MAX = 32;

type Owner = { readonly socket: TextSink & { readonly destroyed: boolean; destroy(error: Error): unknown } };

const waiting: (LateText | undefined)[] = new Array<undefined>(WAITING_MAX).fill(undefined);
let count = 0;
let planned = false;

/**
 * What waits to be written to one socket. It is no part of the socket's stream: whoever may write to that while something waits, or end or
 * destroy it, calls `writeNow` before.
 */
export class LateText {
  readonly #owner: Owner;
  #text = '';

  /** `owner` has the socket when something is written. */
  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** Whether something waits. */
  get waits(): boolean {
    return this.#text !== '';
  }

  /** The same as `writeText` at the end of this turn, or sooner. */
  write(text: string): void {
    if (this.#text !== '') {
      this.#text += text;
      return;
    }
    this.#text = text;
    waiting[count] = this;
    count += 1;
    if (count === WAITING_MAX) return writeAll();
    if (planned) return;
    planned = true;
    atEndOfTurn(endTurn);
  }

  /** Writes what waits. A socket that has been destroyed gets nothing any more. */
  writeNow(): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    const { socket } = this.#owner;
    if (!socket.destroyed) writeText(socket, text);
  }

  /** The same, where an error of our own ends this connection, and no other one. */
  writeOrEnd(): void {
    try {
      this.writeNow();
    } catch (error) {
      this.#owner.socket.destroy(error as Error);
    }
  }
}

function endTurn(): void {
  planned = false;
  writeAll();
}

function writeAll(): void {
  // Nothing that is written here adds to them: what comes of a write is told in a later turn.
  for (let i = 0; i < count; i += 1) {
    const late = waiting[i] as LateText;
    waiting[i] = undefined;
    late.writeOrEnd();
  }
  count = 0;
}
