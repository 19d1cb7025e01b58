import { atEndOfTurn } from '../../table/timers.ts';

/** A connection that has something to write. */
export type Flushable = { flush(): void };

/** Writes what the connections of a thread have to say once per turn of the event loop, so that the frames of many streams leave together. */
export class Flusher {
  #waiting: Flushable[] = [];

  /** Has a connection write at the end of this turn. To be called once until it does. */
  add(one: Flushable): void {
    if (this.#waiting.push(one) === 1) atEndOfTurn(Flusher.run, this);
  }

  static run(this: void, self: Flusher): void {
    const waiting = self.#waiting;
    self.#waiting = [];
    for (const one of waiting) one.flush();
  }
}
