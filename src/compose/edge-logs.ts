import { LineRing } from '../table/line-ring.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';

/** After the first line of an edge thread, the control thread waits this long for more, and writes them together. */
const COLLECT_MS = 10;

/** The log lines of the edge threads: a ring for each, emptied into the control thread's log, which alone writes. */
export class EdgeLogs {
  readonly #rings: readonly LineRing[];
  readonly #write: (lines: Buffer) => void;
  #timer: Timer | undefined;

  constructor(threads: number, write: (lines: Buffer) => void) {
    this.#rings = Array.from({ length: threads }, () => LineRing.create());
    this.#write = write;
    // Before the log's own, which writes what is left.
    process.prependListener('exit', this.empty);
  }

  /** The memory that a thread writes its lines to; it goes on with that of a dead thread in its place. */
  ringOf(worker: number): SharedArrayBuffer {
    return (this.#rings[worker] as LineRing).shared;
  }

  /** A thread says that there are lines. */
  announced(): void {
    this.#timer ??= startTimer(COLLECT_MS, this.empty, undefined);
  }

  /** Writes what is there now: of a thread that has ended, the last there is. */
  readonly empty = (): void => {
    stopTimer(this.#timer);
    this.#timer = undefined;
    for (const ring of this.#rings) {
      const lines = ring.take();
      if (lines !== undefined) this.#write(lines);
    }
  };

  close(): void {
    this.empty();
    process.removeListener('exit', this.empty);
  }
}
