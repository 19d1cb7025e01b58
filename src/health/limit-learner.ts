import type { Topology } from '../config/topology.ts';
import { allowedBy, freshLimit, type LearnedLimit, nextLimit } from '../resilience/learned-limit.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import { OUTCOMES, type WorkerBlock } from '../table/worker-block.ts';

/** No endpoint is held to fewer. */
export const LIMIT_MIN = 2;
/** However well it does, no endpoint is taken to bear so many times what was declared. */
export const LIMIT_FACTOR_MAX = 16;

type Counted = { readonly sumMs: number; readonly requests: number; readonly refused: number };
type Learning = { learned: LearnedLimit; counted: Counted };

/** Learns how many requests each endpoint bears at a time, for services that want it, and writes that where decisions read it. */
export class LimitLearner {
  readonly #live: LiveColumns;
  readonly #blocks: readonly WorkerBlock[];
  readonly #learning = new Map<number, Learning>();

  constructor(live: LiveColumns, blocks: readonly WorkerBlock[]) {
    this.#live = live;
    this.#blocks = blocks;
  }

  /** To be called four times a second while anything is in flight. */
  look(services: Topology['services'], rows: Placement['rows']): void {
    const wanted = new Set<number>();
    for (const service of services) {
      if (service.routing.inFlightMax !== 'learned') continue;
      for (const { id, capacity } of service.endpoints) {
        const row = rows[id];
        if (row === undefined) continue;
        wanted.add(row);
        this.#lookAt(row, capacity);
      }
    }
    if (this.#learning.size > wanted.size) this.#forgetBut(wanted);
  }

  #lookAt(row: number, capacity: number): void {
    const counted = this.#count(row);
    const before = this.#learning.get(row);
    if (before === undefined) {
      this.#learning.set(row, { learned: freshLimit(capacity), counted });
      this.#live.inFlightMax[row] = capacity;
      return;
    }
    const requests = Math.max(0, counted.requests - before.counted.requests);
    const rtt = this.#live.rttMs[row] as number;
    const wayMs = Number.isNaN(rtt) ? 0 : rtt;
    const tookMs = Math.max(0, counted.sumMs - before.counted.sumMs);
    const look = {
      requests,
      // What takes hardly longer than the way is measured by the rest of that alone.
      sumMs: Math.max(tookMs / 10, tookMs - wayMs * requests),
      refused: Math.max(0, counted.refused - before.counted.refused),
      inFlight: this.#live.inFlight[row] as number,
    };
    before.counted = counted;
    before.learned = nextLimit(before.learned, look, { min: LIMIT_MIN, max: capacity * LIMIT_FACTOR_MAX });
    this.#live.inFlightMax[row] = allowedBy(before.learned);
  }

  #count(row: number): Counted {
    let [sumMs, requests, refused] = [0, 0, 0];
    for (const { firstByteSumMs, firstByteCount, outcomes } of this.#blocks) {
      sumMs += firstByteSumMs[row] as number;
      requests += firstByteCount[row] as number;
      for (const at of REFUSED) refused += outcomes[row * OUTCOMES.length + at] as number;
    }
    return { sumMs, requests, refused };
  }

  #forgetBut(wanted: ReadonlySet<number>): void {
    for (const row of this.#learning.keys()) {
      if (wanted.has(row)) continue;
      this.#learning.delete(row);
      this.#live.inFlightMax[row] = Number.POSITIVE_INFINITY;
    }
  }
}

const REFUSED = [OUTCOMES.indexOf('overloaded'), OUTCOMES.indexOf('first-byte-timeout')];
