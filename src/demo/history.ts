import type { EdgeStatus } from './edge-status.ts';

/** What the edge had answered by a moment of any monotonic clock, by `cloud/region`. */
type Sample = { readonly atMs: number; readonly requests: Readonly<Record<string, number>> };

/** The view shows rates and shares over this many seconds: enough to be steady, few enough to see a region go. */
export const SPAN_SAMPLES = 3;

/** Requests by the edge's count: in all, a second, and how they are shared. */
export type Flow = {
  readonly requests: number;
  readonly perSecond: number;
  /** Of the last seconds, by `cloud/region`, 0 to 1. */
  readonly shares: Readonly<Record<string, number>>;
};

/** Turns counters into rates. A counter that went backwards (an endpoint that was removed and added) counts as new. */
export class History {
  #samples: readonly Sample[] = [];

  add(status: EdgeStatus, atMs: number): void {
    const requests: Record<string, number> = {};
    for (const { cloud, region, requests: count } of status.endpoints) {
      const id = `${cloud}/${region}`;
      requests[id] = (requests[id] ?? 0) + count;
    }
    this.#samples = [...this.#samples, { atMs, requests }].slice(-SPAN_SAMPLES - 1);
  }

  flow(): Flow {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined) return { requests: 0, perSecond: 0, shares: {} };
    const grown = Object.entries(last.requests).map(([id, count]) => {
      const before = first.requests[id] ?? 0;
      return [id, count >= before ? count - before : count] as const;
    });
    const total = grown.reduce((sum, [, count]) => sum + count, 0);
    const seconds = (last.atMs - first.atMs) / 1000;
    return {
      requests: Object.values(last.requests).reduce((sum, count) => sum + count, 0),
      perSecond: seconds > 0 ? total / seconds : 0,
      shares: Object.fromEntries(grown.map(([id, count]) => [id, total > 0 ? count / total : 0])),
    };
  }
}
