import type { Placement } from '../table/placement.ts';
import { RoundTrips } from './round-trips.ts';

/** The round trips of each service or backend, by its name. */
export class OwnersTrips {
  readonly #trips = new Map<string, RoundTrips>();

  of(name: string): RoundTrips {
    const trips = this.#trips.get(name) ?? new RoundTrips();
    this.#trips.set(name, trips);
    return trips;
  }

  /** Forgets who is not in force any more, and what is not in a row of it. */
  keep({ slots, rows }: Pick<Placement, 'slots' | 'rows'>): void {
    const inForce = new Set(Object.values(rows));
    for (const [name, trips] of this.#trips) {
      if (slots[name] === undefined) this.#trips.delete(name);
      else trips.keep(inForce);
    }
  }
}
