import type { Topology } from '../config/topology.ts';
import { type Exemplar, readExemplar } from '../table/exemplars.ts';
import type { Placement } from '../table/placement.ts';
import {
  DURATION_CELLS,
  levelCell,
  SERVICE_CELLS,
  SERVICE_COUNTER_CELLS,
  type ServiceLevel,
} from '../table/service-cells.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import type { Labels } from './family.ts';
import type { FoundExemplar } from './histogram.ts';

/** Services whose counters are shown in the life of a process; those after are not. */
export const SERVICES_SHOWN_MAX = 1024;

/** What one service has counted in the life of the process; `cells` are laid out as `service-cells.ts` says. */
export type ServiceReading = {
  readonly name: string;
  /** The same object at each reading. */
  readonly labels: Labels;
  readonly cells: Float64Array;
  /** Sums over threads now; 0 for a service that is in the file no more. */
  readonly level: (level: ServiceLevel) => readonly number[];
  /** A late request of a bucket of its durations. */
  readonly exemplar: (bucket: number) => FoundExemplar | undefined;
};

type Kept = { readonly labels: Labels; slot: number; readonly last: Float64Array; readonly totals: Float64Array };

/**
 * What the edge threads counted for each service. A slot may be given to another service, and its cells are never emptied, so what
 * has come since the last look is added to the service that has the slot. Belongs to the control thread.
 */
export class ServiceTotals {
  readonly #blocks: readonly WorkerBlock[];
  readonly #wallMsAt: (ms: number) => number;
  readonly #kept = new Map<string, Kept>();
  #current: ReadonlySet<string> = new Set();

  /** `wallMsAt` says what the wall clock was at a time by the threads' clock. */
  constructor(blocks: readonly WorkerBlock[], wallMsAt: (ms: number) => number) {
    this.#blocks = blocks;
    this.#wallMsAt = wallMsAt;
  }

  /** Learns which service has which slot now. What was counted until now is that of those who had them. */
  follow({ services }: Topology, { slots }: Placement): void {
    this.#collect();
    const before = this.#current;
    this.#current = new Set(services.map(({ name }) => name));
    for (const name of this.#current) {
      const slot = slots[name];
      if (slot === undefined) continue;
      const known = this.#kept.get(name);
      if (known !== undefined) {
        if (!before.has(name) || known.slot !== slot) known.last.set(this.#read(slot));
        known.slot = slot;
      } else if (this.#kept.size < SERVICES_SHOWN_MAX) {
        this.#kept.set(name, {
          labels: { service: name },
          slot,
          last: this.#read(slot),
          totals: new Float64Array(SERVICE_COUNTER_CELLS),
        });
      }
    }
  }

  /** Every service that ever was. */
  read(): readonly ServiceReading[] {
    this.#collect();
    return [...this.#kept].map(([name, { labels, slot, totals }]) => {
      const here = this.#current.has(name);
      return {
        name,
        labels,
        cells: totals,
        level: (level) => (here ? this.#blocks.map(({ services }) => levelOf(services, slot, level)) : []),
        exemplar: (bucket) => (here ? this.#exemplar(slot * DURATION_CELLS + bucket) : undefined),
      };
    });
  }

  #collect(): void {
    for (const name of this.#current) {
      const kept = this.#kept.get(name);
      if (kept === undefined) continue;
      const { last, totals } = kept;
      const now = this.#read(kept.slot);
      for (let i = 0; i < SERVICE_COUNTER_CELLS; i += 1) {
        // Sums in another order may differ in the last bit, and a counter must not go down for it.
        totals[i] = (totals[i] as number) + Math.max(0, (now[i] as number) - (last[i] as number));
      }
      last.set(now);
    }
  }

  #read(slot: number): Float64Array {
    const sum = new Float64Array(SERVICE_COUNTER_CELLS);
    const from = slot * SERVICE_CELLS;
    for (const { services } of this.#blocks) {
      for (let i = 0; i < SERVICE_COUNTER_CELLS; i += 1) sum[i] = (sum[i] as number) + (services[from + i] as number);
    }
    return sum;
  }

  /** The latest that any thread has. */
  #exemplar(place: number): FoundExemplar | undefined {
    let latest: Exemplar | undefined;
    for (const block of this.#blocks) {
      const one = readExemplar(block, place);
      if (one !== undefined && !(latest !== undefined && latest.atMs >= one.atMs)) latest = one;
    }
    return latest && { requestId: latest.requestId, ms: latest.ms, wallMs: this.#wallMsAt(latest.atMs) };
  }
}

function levelOf(services: Float64Array, slot: number, level: ServiceLevel): number {
  return services[slot * SERVICE_CELLS + levelCell(level)] as number;
}
