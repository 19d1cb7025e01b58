import type { Topology } from '../config/topology.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';

/**
 * Which services are still *starting*: none of their endpoints was known as they were taken on, and not all have been checked since.
 * While a service starts, the endpoint that happens to be checked first is no better than the others.
 */
export class FirstRound {
  readonly #live: LiveColumns;
  /** Endpoints of each starting service that have not been checked, by its slot. */
  readonly #left = new Map<number, Set<string>>();

  constructor(live: LiveColumns) {
    this.#live = live;
  }

  /** Takes on a topology; `isKnown` says whether an endpoint has been checked. */
  update({ services }: Topology, { slots }: Placement, isKnown: (id: string) => boolean): void {
    const before = new Set(this.#left.keys());
    this.#left.clear();
    for (const { name, endpoints } of services) {
      const slot = slots[name];
      if (slot === undefined) continue;
      const left = new Set(endpoints.map(({ id }) => id).filter((id) => !isKnown(id)));
      const starts = left.size > 0 && (left.size === endpoints.length || before.has(slot));
      if (starts) this.#left.set(slot, left);
      this.#live.starting[slot] = starts ? 1 : 0;
    }
  }

  /** An endpoint has been checked. */
  checked(id: string): void {
    for (const [slot, left] of this.#left) {
      if (!left.delete(id) || left.size > 0) continue;
      this.#left.delete(slot);
      this.#live.starting[slot] = 0;
    }
  }
}
