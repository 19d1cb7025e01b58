import type { FleetSettings } from '../config/topology-fleet.ts';
import { type LoopDeps, runLoop } from '../table/loop.ts';
import type { Put, PutIf, SharedRecord, SharedValue } from './fleet.ts';
import { Lags } from './lags.ts';
import type { Records } from './records.ts';
import { Region } from './region.ts';
import type { RegionStore } from './region-store.ts';
import type { Register } from './register.ts';
import type { Unreadable } from './unreadable.ts';

/** How often the store that an edge reads is asked for what the channel may have lost, and who the keeper is. */
export const POLL_MS = 500;
/** How often the other stores are asked whether they are there and still the same. */
export const CONTACT_MS = 1000;
/** How long a store that failed is left alone; within it what is owed is due again. */
export const RETRY_MS = 250;

/** Others that come between a look and the write that it is for. */
const RACES_MAX = 8;

/** Replicas whose lags differ by less are as good as each other to read. */
const LAG_BAND_MS = 5000;

export type ReplicationDeps = LoopDeps & {
  readonly edge: string;
  readonly settings: FleetSettings;
  /** By region. */
  readonly stores: ReadonlyMap<string, RegionStore>;
  readonly records: Records;
  readonly unreadable: Unreadable;
};

/**
 * Brings what this edge writes to the store of every region, its own first, and learns what others wrote from one of them:
 * its own region's, or while that cannot be used, the best of the others. One edge of a region, the keeper, also compares
 * the stores, so that what a writer could not bring before it died is brought all the same.
 */
export class Replication {
  readonly #deps: ReplicationDeps;
  readonly regions: readonly Region[];
  readonly primary: Region;
  readonly lags: Lags;
  #home: Region;

  constructor(deps: ReplicationDeps) {
    this.#deps = deps;
    const { settings } = deps;
    this.regions = [...deps.stores].map(
      ([name, store]) =>
        new Region({
          ...deps,
          name,
          store,
          limitMs: name === settings.region ? settings.commandMs : settings.replicateMs,
          holdMs: settings.commandMs,
        }),
    );
    const primary = this.regions.find(({ name }) => name === settings.region);
    if (primary === undefined) throw new Error(`fleet.region ${settings.region} is not one of the regions`);
    this.primary = primary;
    this.#home = primary;
    this.lags = new Lags(settings.region, deps.clock);
    this.#choose();
  }

  /** The region whose store this edge reads now. */
  get home(): Region {
    return this.#home;
  }

  /** Connects and runs until the signal aborts. */
  start(): readonly Promise<void>[] {
    return this.regions.map((region) => {
      region.store.start({
        change: (seq, key, text) => region.heard(seq, key, text),
        moved: () => {
          this.#choose();
          region.alarm.ring();
        },
      });
      return this.#run(region);
    });
  }

  async put(key: string, value: SharedValue): Promise<Put> {
    const register = this.#deps.records.put(key, value);
    const stored = await this.primary.bringNow(register.key, this.#deps.settings.commandMs);
    for (const region of this.regions) region.release(key);
    return { stored: stored ? 'primary' : 'here', record: this.#deps.records.view(key) as SharedRecord };
  }

  /**
   * Writes a key in the primary if what it has there may be written, in one step with looking. `make` says what of what is there,
   * or undefined for nothing. It is in force here once it is stored.
   */
  async putIf(key: string, make: (now: SharedRecord | undefined) => SharedValue | undefined): Promise<PutIf> {
    const { records, settings, clock } = this.#deps;
    const untilMs = clock.nowMs() + settings.commandMs;
    let why = this.primary.trouble.cause || 'it is not connected';
    for (let tries = 0; tries < RACES_MAX && this.primary.isUp() && clock.nowMs() < untilMs; tries += 1) {
      let isSent = false;
      try {
        const was = await this.primary.look(key, untilMs - clock.nowMs());
        if (was === undefined) return { kind: 'refused', why: 'it has what this edge cannot read under this key' };
        const value = make(records.view(key));
        if (value === undefined) return { kind: 'conflict', record: records.view(key) };
        const draft = records.draft(key, value);
        isSent = true;
        if (await this.primary.replace(draft, was, Math.max(1, untilMs - clock.nowMs()))) return this.#adopted(draft);
        why = 'others keep writing it';
      } catch (error) {
        if (error instanceof RangeError || error instanceof TypeError) throw error;
        why = (error as Error).message;
        if (isSent) return { kind: 'unknown', why };
      }
    }
    return { kind: 'refused', why };
  }

  #adopted(draft: Register): PutIf {
    const known = this.#deps.records.adopt(draft);
    if (known === draft) this.primary.stored(draft);
    for (const region of this.regions) region.release(draft.key);
    return { kind: 'put', put: { stored: 'primary', record: this.#deps.records.view(draft.key) as SharedRecord } };
  }

  /**
   * Has all stores forget a key that all of them have alike. Only the keeper of a region knows that, and only it does anything. What
   * is not forgotten everywhere now is brought back by whoever finds it, and forgotten later.
   */
  async forget(key: string): Promise<void> {
    if (!this.primary.isKept() || !this.regions.every((region) => region.isInStep() && region.has(key))) return;
    const done = await Promise.all(this.regions.map((region) => region.forget(key).catch(() => false)));
    if (done.every((one) => one)) this.#deps.records.forget(key);
  }

  /** A loop of its own, since a wait may be cut short: at once when something is due, else in a while. */
  async #run(region: Region): Promise<void> {
    const { deps, state } = { deps: this.#deps, state: { comparedMs: Number.NEGATIVE_INFINITY } };
    await runLoop(
      {
        name: `fleet ${region.name}`,
        periodMs: () => 0,
        tick: async (signal) => {
          const isWell = await this.#tick(region, state);
          this.#choose();
          const nowMs = deps.clock.nowMs();
          const idleMs = region === this.#home ? POLL_MS : CONTACT_MS;
          const waitMs = isWell ? Math.min(idleMs, Math.max(0, region.dueMs - nowMs)) : RETRY_MS;
          if (isWell) await region.alarm.wait(waitMs, deps.sleep, signal);
          else await deps.sleep(RETRY_MS, signal);
        },
      },
      deps,
    );
  }

  /** One round with one store; false when it failed. */
  async #tick(region: Region, state: { comparedMs: number }): Promise<boolean> {
    const { clock, settings } = this.#deps;
    if (!region.store.isConnected()) {
      region.trouble.set('link', region.store.trouble());
      return false;
    }
    try {
      const nowMs = clock.nowMs();
      const isDue = region.part === 'carries' && nowMs - state.comparedMs >= settings.compareMs;
      const wantsAll = region === this.#home || isDue || !region.isAudited();
      if (wantsAll && region.part !== 'own') state.comparedMs = nowMs;
      await region.read(wantsAll && region.part !== 'own' ? 'changes' : 'life', region === this.primary);
      this.#choose();
      // It is asked again soon, and brought what it is owed when it takes it.
      if (!region.isUp()) return false;
      await region.bringDue();
      this.lags.measure(this.primary, region);
      return true;
    } catch {
      // The region's `trouble` reports what is wrong.
      return false;
    }
  }

  /** Gives each region its part, by what can be reached now. */
  #choose(): void {
    if (this.#deps.signal.aborted) return;
    // Where nothing can be written anywhere, what can be read is better than nothing.
    const [written, read] = [this.regions.filter((it) => it.isUp()), this.regions.filter((it) => it.isReadable())];
    const ups = written.length > 0 ? written : read;
    // Each lag is read once: it grows from one look to the next.
    const lagsMs = ups.map(({ name }) => this.lags.ms(name));
    const leastMs = Math.min(...lagsMs);
    const nearest = ups[lagsMs.indexOf(leastMs)];
    // Neighbours in lag must not make it go to and fro: where it is, it stays while that is about as good.
    const homeLagMs = lagsMs[ups.indexOf(this.#home)];
    const stays = homeLagMs !== undefined && homeLagMs <= leastMs + LAG_BAND_MS;
    const replica = stays ? this.#home : (nearest ?? this.primary);
    const home = ups.includes(this.primary) ? this.primary : replica;
    this.#home = home;
    const isKeeper = this.primary.isKept();
    for (const region of this.regions) {
      region.take(isKeeper ? 'carries' : region === home ? 'reads' : 'own');
      region.store.listen(region === home);
    }
  }
}
