import { ownersOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import type { TrafficCounts } from './evidence.ts';
import { RoundTrips } from './round-trips.ts';
import { between, refusedOf, totalsOf } from './traffic.ts';

/** The round trips of each service or backend, by its name. */
export class OwnersTrips {
  readonly #trips = new Map<string, RoundTrips>();
  /** What the counters of each row said the last time. */
  readonly #seen = new Map<number, Seen>();

  of(name: string): RoundTrips {
    const trips = this.#trips.get(name) ?? new RoundTrips();
    this.#trips.set(name, trips);
    return trips;
  }

  /** Takes in what the threads have counted since the last look, and writes what is known now of all endpoints. */
  look({ topology, placement }: Deployed, blocks: readonly WorkerBlock[], live: LiveColumns, nowMs: number): void {
    for (const { name, endpoints } of ownersOf(topology)) {
      const trips = this.of(name);
      const placed = endpoints.map(({ id, capacity }) => ({ row: placement.rows[id] as number, capacity }));
      for (const { row } of placed) {
        trips.counted(row, this.#newsOf(row, blocks), nowMs);
      }
      trips.settle(placed, live, nowMs);
    }
  }

  /** Forgets who is not in force any more, and what is not in a row of it. */
  keep({ slots, rows }: Pick<Placement, 'slots' | 'rows'>): void {
    const inForce = new Set(Object.values(rows));
    for (const [name, trips] of this.#trips) {
      if (slots[name] === undefined) this.#trips.delete(name);
      else trips.keep(inForce);
    }
    for (const row of this.#seen.keys()) if (!inForce.has(row)) this.#seen.delete(row);
  }

  /** What is new in the counters of a row; nothing of one that is new itself. */
  #newsOf(row: number, blocks: readonly WorkerBlock[]): Seen {
    const totals = { ...totalsOf(blocks, row), refused: refusedOf(blocks, row) };
    const before = this.#seen.get(row) ?? totals;
    this.#seen.set(row, totals);
    return { ...between(before, totals), refused: Math.max(0, totals.refused - before.refused) };
  }
}

type Seen = TrafficCounts & { readonly refused: number };
type Deployed = { readonly topology: Topology; readonly placement: Placement };
