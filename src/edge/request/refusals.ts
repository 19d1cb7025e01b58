import type { Service } from '../../config/topology.ts';
import { restMs } from '../../resilience/rest.ts';
import type { Clock } from '../../table/clock.ts';
import type { LiveColumns } from '../../table/endpoint-table.ts';
import { retryAfterMs } from '../message/overload.ts';
import type { Attempt } from './exchange.ts';

/** Keeps count of the refusals of endpoints in a row, over all threads, and of how long they ask to be left alone. */
export class Refusals {
  readonly #columns: Pick<LiveColumns, 'refusedRun' | 'restUntilMs'>;
  readonly #clock: Clock;

  constructor(columns: Pick<LiveColumns, 'refusedRun' | 'restUntilMs'>, clock: Clock) {
    this.#columns = columns;
    this.#clock = clock;
  }

  /**
   * Whether an answer says that its endpoint has no room: it has a `Retry-After`. A 429 is only taken so if the file says that another endpoint may
   * do better: else it is about this client.
   */
  refuses(
    { retries: { statuses, retryAfterMaxMs } }: Pick<Service, 'retries'>,
    { permit }: Pick<Attempt, 'permit'>,
    { status, lines }: { readonly status: number; readonly lines: string },
  ): boolean {
    const askedMs = retryAfterMs(lines);
    if (askedMs === undefined || (status === TOO_MANY_REQUESTS && !statuses.includes(status))) return false;
    const { refusedRun, restUntilMs } = this.#columns;
    const { row } = permit.target;
    const run = Atomics.add(refusedRun, row, 1) + 1;
    const nowMs = this.#clock.nowMs();
    const untilMs = nowMs + restMs(askedMs, run, retryAfterMaxMs);
    if (untilMs > nowMs && untilMs > (restUntilMs[row] as number)) restUntilMs[row] = untilMs;
    return true;
  }

  /** An endpoint has answered with something else. */
  answers({ permit }: Pick<Attempt, 'permit'>): void {
    const { refusedRun } = this.#columns;
    const { row } = permit.target;
    if (refusedRun[row] !== 0) Atomics.store(refusedRun, row, 0);
  }
}

const TOO_MANY_REQUESTS = 429;
