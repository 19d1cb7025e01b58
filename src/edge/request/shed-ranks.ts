import type { ShedPolicy } from '../../config/topology-shed.ts';
import { sheds } from '../../resilience/shedding.ts';
import { serviceLoad } from '../../routing/service-load.ts';
import { FULL_AT } from '../../routing/standing.ts';
import type { ServiceView } from '../../routing/view.ts';
import type { LiveColumns } from '../../table/endpoint-table.ts';

/** What a request has to say for itself when not all can be served. */
export type ShedRequest = {
  readonly view: ServiceView;
  readonly priority: { readonly name: string };
  readonly startMs: number;
  readonly fence: { readonly allowed: Uint8Array } | undefined;
};

/** Which requests of a service are turned away first in one edge thread. */
export class ShedRanks {
  readonly #bounds: { readonly from: number; readonly lagMaxMs: number; readonly fullAt: number };
  readonly #of: number;
  readonly #ranks: ReadonlyMap<string, number>;

  constructor({ order, from, lagMaxMs }: ShedPolicy) {
    this.#bounds = { from, lagMaxMs, fullAt: FULL_AT };
    this.#of = order.length;
    this.#ranks = new Map(order.map((name, rank) => [name, rank]));
  }

  /** Whether a request is turned away. `lagMs` is how late this thread's event loop is; NaN where nobody knows. A priority without a place goes last. */
  sheds({ view, priority, startMs, fence }: ShedRequest, columns: LiveColumns, lagMs: number): boolean {
    const place = { rank: this.#ranks.get(priority.name) ?? this.#of - 1, of: this.#of };
    return sheds(place, { load: serviceLoad(view, columns, startMs, fence?.allowed), lagMs }, this.#bounds);
  }
}
