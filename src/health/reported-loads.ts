import type { LiveColumns } from '../table/endpoint-table.ts';
import type { WorkerBlock } from '../table/worker-block.ts';

/** Over which the mean of what is reported is taken, as that of what is in flight is: what is older counts for a third. */
export const REPORT_MEAN_MS = 10_000;
/** From when on a report that nothing followed fades, and when nothing is left of it. */
export const REPORT_FADES_MS = 15_000;
export const REPORT_GONE_MS = 45_000;

/** Nobody has reported anything, or not for long. */
const NO_REPORT = 0;

type Heard = {
  /** Of the threads' cells, as they were last read. */
  sum: number;
  count: number;
  /** From health checks since then. */
  checkSum: number;
  checkCount: number;
  mean: number;
  atMs: number;
};

/** Makes one figure of what an endpoint reports of its load, to all threads and to health checks, and writes it into the table. */
export class ReportedLoads {
  readonly #live: Pick<LiveColumns, 'reportedLoad'>;
  readonly #blocks: readonly Pick<WorkerBlock, 'loadSum' | 'loadCount'>[];
  readonly #heard = new Map<number, Heard>();

  constructor(live: Pick<LiveColumns, 'reportedLoad'>, blocks: readonly Pick<WorkerBlock, 'loadSum' | 'loadCount'>[]) {
    this.#live = live;
    this.#blocks = blocks;
  }

  /** A health check was told this load. */
  checked(row: number, load: number): void {
    const heard = this.#of(row);
    heard.checkSum += load;
    heard.checkCount += 1;
  }

  /** Works out the figure of an endpoint as it is at `nowMs`. */
  settle(row: number, nowMs: number): void {
    const heard = this.#of(row);
    const [sum, count] = this.#totals(row);
    // Counters that went back have begun anew.
    const news = Math.max(0, count - heard.count) + heard.checkCount;
    if (news > 0) {
      const mean = (Math.max(0, sum - heard.sum) + heard.checkSum) / news;
      const kept = Number.isNaN(heard.atMs) ? 0 : Math.exp(-(nowMs - heard.atMs) / REPORT_MEAN_MS);
      heard.mean = heard.mean * kept + mean * (1 - kept);
      heard.atMs = nowMs;
    }
    Object.assign(heard, { sum, count, checkSum: 0, checkCount: 0 });
    this.#live.reportedLoad[row] = Number.isNaN(heard.atMs) ? NO_REPORT : heard.mean * believed(nowMs - heard.atMs);
  }

  /** Forgets rows that are not among these: others will have them. */
  keepOnly(rows: ReadonlySet<number>): void {
    for (const row of this.#heard.keys()) if (!rows.has(row)) this.#heard.delete(row);
  }

  #of(row: number): Heard {
    let heard = this.#heard.get(row);
    if (heard === undefined) {
      // What the cells have was counted for whoever had the row before.
      const [sum, count] = this.#totals(row);
      heard = { sum, count, checkSum: 0, checkCount: 0, mean: 0, atMs: Number.NaN };
      this.#heard.set(row, heard);
    }
    return heard;
  }

  #totals(row: number): readonly [sum: number, count: number] {
    let [sum, count] = [0, 0];
    for (const { loadSum, loadCount } of this.#blocks) {
      sum += loadSum[row] as number;
      count += loadCount[row] as number;
    }
    return [sum, count];
  }
}

/** How much of a report of that age still counts, 1 to 0. */
function believed(ageMs: number): number {
  return Math.min(1, Math.max(0, (REPORT_GONE_MS - ageMs) / (REPORT_GONE_MS - REPORT_FADES_MS)));
}
