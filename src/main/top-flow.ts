import type { EndpointStatus } from '../compose/status.ts';

/** Rates are taken over this many readings: enough to be steady, few enough to see a region go. */
export const READINGS_MAX = 4;

export type Flow = {
  /** Requests, and those answered badly, a second. */
  readonly perSecond: number;
  readonly errorsPerSecond: number;
  /** Of the requests, 0 to 1. */
  readonly share: number;
};

const NOTHING: Flow = { perSecond: 0, errorsPerSecond: 0, share: 0 };

type Counted = Pick<EndpointStatus, 'id' | 'requests' | 'errors'>;
type Reading = { readonly atMs: number; readonly counts: ReadonlyMap<string, Counted> };

/** Turns the counters of a running edge into rates, by endpoint. A counter that went backwards (a restarted edge) counts as new. */
export class TopFlow {
  #readings: readonly Reading[] = [];

  /** Takes in a reading of a moment of any monotonic clock. */
  add(endpoints: readonly Counted[], atMs: number): void {
    const counts = new Map(endpoints.map(({ id, requests, errors }) => [id, { id, requests, errors }]));
    this.#readings = [...this.#readings, { atMs, counts }].slice(-READINGS_MAX);
  }

  /** Of each endpoint of the last reading, and of all together under the empty name. */
  flows(): ReadonlyMap<string, Flow> {
    const [first, last] = [this.#readings[0], this.#readings.at(-1)];
    if (first === undefined || last === undefined) return new Map([['', NOTHING]]);
    const seconds = (last.atMs - first.atMs) / 1000;
    const grown = Array.from(last.counts.values(), ({ id, requests, errors }) => {
      const before = first.counts.get(id);
      const fresh = before === undefined || before.requests > requests || before.errors > errors;
      return { id, requests: requests - (fresh ? 0 : before.requests), errors: errors - (fresh ? 0 : before.errors) };
    });
    const all = grown.reduce((sum, { requests }) => sum + requests, 0);
    const bad = grown.reduce((sum, { errors }) => sum + errors, 0);
    const flow = (requests: number, errors: number): Flow => ({
      perSecond: seconds > 0 ? requests / seconds : 0,
      errorsPerSecond: seconds > 0 ? errors / seconds : 0,
      share: all > 0 ? requests / all : 0,
    });
    return new Map([
      ['', flow(all, bad)],
      ...grown.map(({ id, requests, errors }) => [id, flow(requests, errors)] as const),
    ]);
  }
}
