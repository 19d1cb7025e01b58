import { OPEN, STATE_BITS } from '../resilience/breaker-cells.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import { Silences } from './silence.ts';

/**
 * What requests meet that checks do not know of yet: an endpoint has fallen silent, or its breaker has opened. Its next check is due then, and not when the
 * interval is over. If that finds the endpoint down as well, it was one and the same outage, which is over when checks pass again: without having been asked in time, they would
 * know nothing of an outage that is shorter than the interval, and the breaker would wait for all of its time.
 */
export class Doubts {
  readonly #live: LiveColumns;
  readonly #silences: Silences;
  readonly #open = new Set<number>();

  constructor(live: LiveColumns, blocks: readonly WorkerBlock[]) {
    this.#live = live;
    this.#silences = new Silences(live, blocks);
  }

  /** How long from one look to the next, in ms. */
  get periodMs(): number {
    return this.#silences.periodMs;
  }

  /** Looks at the endpoints in these rows; `clouds` says which are of one service and cloud. Returns those that a check should be asked about now. */
  look(rows: readonly number[], clouds: readonly number[], nowMs: number): ReadonlySet<number> {
    const doubtful = new Set(this.#silences.look(rows, clouds, nowMs));
    for (const row of rows) {
      const isOpen = ((this.#live.breaker[row] as number) & STATE_BITS) === OPEN;
      if (!isOpen) this.#open.delete(row);
      else if (!this.#open.has(row)) {
        this.#open.add(row);
        doubtful.add(row);
      }
    }
    return doubtful;
  }

  /** A check of the endpoint in this row was answered. */
  checked(row: number): void {
    this.#silences.checked(row);
  }

  /** Forgets what is not in one of these rows. */
  keep(rows: ReadonlySet<number>): void {
    this.#silences.keep(rows);
    for (const row of this.#open) if (!rows.has(row)) this.#open.delete(row);
  }
}
