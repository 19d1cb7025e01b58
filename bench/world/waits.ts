import type { Try } from './flight.ts';

/**
 * Tries that wait for an answer, in one row for each length of wait, so that each row is in order by itself. Nearly all have
 * their answer long before: only the first of a row is an entry of the agenda.
 */
export class Waits {
  readonly #book: (atMs: number) => void;
  readonly #rows = new Map<number, Row>();

  /** `book` asks for a call of `due` at a time. */
  constructor(book: (atMs: number) => void) {
    this.#book = book;
  }

  add(one: Try, dueMs: number, waitMs: number): void {
    let row = this.#rows.get(waitMs);
    if (row === undefined) {
      row = { tries: [], dues: [], head: 0 };
      this.#rows.set(waitMs, row);
    }
    row.tries.push(one);
    row.dues.push(dueMs);
    if (row.tries.length - row.head === 1) this.#book(dueMs);
  }

  /** Tells of those that have waited for long enough. */
  due(nowMs: number, tell: (one: Try) => void): void {
    for (const row of this.#rows.values()) {
      if (row.head < row.dues.length && (row.dues[row.head] as number) <= nowMs) this.#look(row, nowMs, tell);
    }
  }

  #look(row: Row, nowMs: number, tell: (one: Try) => void): void {
    const { tries, dues } = row;
    while (row.head < tries.length) {
      const one = tries[row.head] as Try;
      const waits = !one.heard && !one.dropped;
      if (waits && (dues[row.head] as number) > nowMs) break;
      row.head += 1;
      if (waits) tell(one);
    }
    if (row.head >= 4096 || row.head === tries.length) {
      tries.splice(0, row.head);
      dues.splice(0, row.head);
      row.head = 0;
    }
    if (row.tries.length > row.head) this.#book(row.dues[row.head] as number);
  }
}

type Row = { readonly tries: Try[]; readonly dues: number[]; head: number };
