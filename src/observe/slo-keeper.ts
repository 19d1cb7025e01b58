import { ownEntry } from '../config/own-entry.ts';
import type { SloPolicy, Topology } from '../config/topology.ts';
import type { Placement } from '../table/placement.ts';
import { SLI, type WorkerBlock } from '../table/worker-block.ts';
import { WINDOWS } from './slo-burn.ts';
import { type SloReport, sloReport } from './slo-report.ts';
import { CountRing, type Counts, type SavedBucket } from './slo-ring.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Burn windows up to this length are counted by the minute, longer ones and the budget by the hour. */
const MINUTES_MS = 6 * HOUR_MS;
const BURN_MS_MAX = Math.max(...WINDOWS.map(({ ms }) => ms));

/** Services whose counters are kept in the life of a process; of those after, no more is known than of the others. */
export const SERVICES_KEPT_MAX = 1024;

/** What was counted for one service in the life of this process, by the names of `SLI`. */
export type SliTotals = Readonly<Record<(typeof SLI)[number], number>>;

export type SavedSlo = Readonly<
  Record<string, { readonly minutes: readonly SavedBucket[]; readonly hours: readonly SavedBucket[] }>
>;

type Kept = {
  slot: number;
  policy: SloPolicy;
  /** The slot's cells when they were last read. Slots are given to other services, and cells are never emptied. */
  readonly last: Float64Array;
  readonly totals: Float64Array;
  minutes: CountRing;
  hours: CountRing;
};

/**
 * How well each service keeps its promise. The edge threads count; this reads their counters now and then, and adds what
 * has come since to a ring of minutes and one of hours per service. Belongs to the control thread.
 */
export class SloKeeper {
  readonly #blocks: readonly WorkerBlock[];
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, Kept>();
  #services: readonly string[] = [];

  constructor(blocks: readonly WorkerBlock[], nowMs: () => number) {
    this.#blocks = blocks;
    this.#nowMs = nowMs;
  }

  /** Learns the services, their promises, and which slot each has. What was counted stays with whom it was counted for. */
  follow(topology: Topology, placement: Placement): void {
    this.collect();
    for (const { name, slo } of topology.services) {
      const slot = placement.slots[name];
      if (slot !== undefined) this.#followOne(name, slo, slot);
    }
    this.#services = topology.services.map(({ name }) => name).filter((name) => this.#kept.has(name));
  }

  /** Takes in what the edge threads have counted since the last time. To be called at least once a minute. */
  collect(): void {
    const nowMs = this.#nowMs();
    for (const name of this.#services) {
      const kept = this.#kept.get(name) as Kept;
      const cells = this.#read(kept.slot);
      const news = cells.map((cell, i) => cell - (kept.last[i] as number));
      kept.last.set(cells);
      for (let i = 0; i < SLI.length; i += 1) kept.totals[i] = (kept.totals[i] as number) + (news[i] as number);
      const counts = { good: news[SLI.indexOf('good')] as number, bad: news[SLI.indexOf('bad')] as number };
      kept.minutes.add(nowMs, counts);
      kept.hours.add(nowMs, counts);
    }
  }

  /** How each service of the topology does, in the order of the file. */
  reports(): readonly SloReport[] {
    const nowMs = this.#nowMs();
    return this.#services.map((service) => {
      const { policy, minutes, hours } = this.#kept.get(service) as Kept;
      // A window is asked for by every pair that it is in, and adds up to hundreds of buckets.
      const sums = new Map<number, Counts>();
      return sloReport(service, policy, (ms) => {
        const known = sums.get(ms);
        if (known !== undefined) return known;
        const sum = (ms <= MINUTES_MS ? minutes : hours).sum(nowMs, ms);
        sums.set(ms, sum);
        return sum;
      });
    });
  }

  /** What was counted of every service that there ever was, for counters, which never go down. */
  totals(): ReadonlyMap<string, SliTotals> {
    return new Map(
      [...this.#kept].map(([name, { totals }]) => [
        name,
        Object.fromEntries(SLI.map((sli, i) => [sli, totals[i]])) as SliTotals,
      ]),
    );
  }

  save(): SavedSlo {
    const nowMs = this.#nowMs();
    return Object.fromEntries(
      this.#services.map((name) => {
        const { minutes, hours } = this.#kept.get(name) as Kept;
        return [name, { minutes: minutes.save(nowMs), hours: hours.save(nowMs) }];
      }),
    );
  }

  /** Takes in what another process saved `agoMs` ago. Services that are gone are left out. */
  restore(saved: SavedSlo, agoMs: number): void {
    const savedMs = this.#nowMs() - agoMs;
    for (const name of this.#services) {
      const { minutes, hours } = this.#kept.get(name) as Kept;
      const of = ownEntry(saved, name);
      minutes.restore(of?.minutes ?? [], savedMs);
      hours.restore(of?.hours ?? [], savedMs);
    }
  }

  #followOne(name: string, policy: SloPolicy, slot: number): void {
    const known = this.#kept.get(name);
    if (known === undefined) {
      if (this.#kept.size >= SERVICES_KEPT_MAX) return;
      const last = this.#read(slot);
      const totals = new Float64Array(SLI.length);
      this.#kept.set(name, { slot, policy, last, totals, minutes: minuteRing(), hours: hourRing(policy) });
      return;
    }
    // A service that comes back may have another slot, and in the meantime another may have counted in its own.
    if (!this.#services.includes(name) || known.slot !== slot) known.last.set(this.#read(slot));
    if (known.policy.windowMs !== policy.windowMs) known.hours = this.#copied(known.hours, policy);
    known.slot = slot;
    known.policy = policy;
  }

  #copied(hours: CountRing, policy: SloPolicy): CountRing {
    const nowMs = this.#nowMs();
    const next = hourRing(policy);
    next.restore(hours.save(nowMs), nowMs);
    return next;
  }

  #read(slot: number): Float64Array {
    return Float64Array.from(SLI, (_, i) =>
      this.#blocks.reduce((sum, { sli }) => sum + (sli[slot * SLI.length + i] as number), 0),
    );
  }
}

function minuteRing(): CountRing {
  return new CountRing(MINUTE_MS, MINUTES_MS);
}

function hourRing({ windowMs }: SloPolicy): CountRing {
  return new CountRing(HOUR_MS, Math.max(windowMs, BURN_MS_MAX));
}
