import { compareText } from '../config/compare-text.ts';
import { ownEntry } from '../config/own-entry.ts';
import type { FleetRegion } from '../config/topology-fleet.ts';
import type { ClientDemand } from './client-text.ts';
import type {
  AlertClaim,
  Claimed,
  EdgeReport,
  Fleet,
  FleetDigest,
  FleetStatus,
  Put,
  SharedRecord,
  SharedValue,
  ValueAccess,
} from './fleet.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { Presence } from './presence.ts';
import { Records } from './records.ts';
import { RedisStore } from './redis.ts';
import type { RegionStore } from './region-store.ts';
import { Replication } from './replication.ts';
import { StrongValues } from './strong/strong-values.ts';
import { Unreadable } from './unreadable.ts';

/** Alerts that one question to a store is about at most. */
const CLAIMS_MAX = 100;

/** The store of a region that an edge of these settings shares. */
export type OpenStore = (region: FleetRegion, deps: FleetDeps) => RegionStore;

/** A Redis server. */
const openRedis: OpenStore = (region, deps) =>
  new RedisStore({ ...deps, region, ca: ownEntry(deps.authorities, region.name) });

/** Strong values over all regions, where every store votes. */
function strongOver(stores: ReadonlyMap<string, RegionStore>, deps: FleetDeps): StrongValues | undefined {
  const voters = new Map(
    [...stores].flatMap(([name, { acceptor }]) => (acceptor === undefined ? [] : [[name, acceptor]])),
  );
  if (voters.size < stores.size) return undefined;
  return new StrongValues({ ...deps, voters, limitMs: deps.settings.replicateMs });
}

/** The fleet of edges that share a server per region. */
export class RegionalFleet implements Fleet {
  readonly #deps: FleetDeps;
  readonly #records: Records;
  readonly #unreadable: Unreadable;
  readonly #stores: ReadonlyMap<string, RegionStore>;
  readonly #replication: Replication;
  readonly #presence: Presence;
  readonly #stopped = new AbortController();
  #running: readonly Promise<void>[] = [];

  constructor(outer: FleetDeps, openStore: OpenStore = openRedis) {
    const deps = { ...outer, signal: AbortSignal.any([outer.signal, this.#stopped.signal]) };
    const { settings } = deps;
    this.#deps = deps;
    this.#records = new Records(deps);
    this.#unreadable = new Unreadable(deps.emit);
    this.#stores = new Map(settings.regions.map((region) => [region.name, openStore(region, deps)]));
    const parts = { ...deps, stores: this.#stores, records: this.#records, unreadable: this.#unreadable };
    this.#replication = new Replication(parts);
    this.#presence = new Presence({ ...deps, replication: this.#replication });
    this.values = {
      writes: (key) => this.#records.writes(key),
      putIf: (key, make) => this.#replication.putIf(key, make),
      forget: (key) => this.#replication.forget(key),
      onForget: (listener) => this.#records.onForget(listener),
      strong: strongOver(this.#stores, deps),
    };
  }

  readonly start = async (): Promise<void> => {
    this.#running = [...this.#replication.start(), this.#presence.run()];
  };

  readonly close = async (): Promise<void> => {
    this.#stopped.abort();
    await this.#presence.leave();
    await Promise.all([...this.#stores.values()].map((store) => store.close()));
    await Promise.all(this.#running);
  };

  readonly list = (prefix: string): readonly SharedRecord[] => this.#records.list(prefix);

  readonly put = (key: string, value: SharedValue): Promise<Put> => this.#replication.put(key, value);

  readonly values: ValueAccess;

  readonly onChange = (listener: (record: SharedRecord) => void): void => this.#records.onChange(listener);

  readonly report = (report: EdgeReport, clients?: ClientDemand): void => this.#presence.report(report, clients);

  readonly digest = (): FleetDigest => this.#presence.digest();

  /** All edges ask the same store: the first by name that can be used. */
  readonly claim = async (
    claims: readonly AlertClaim[],
    there: readonly string[],
  ): Promise<readonly Claimed[] | undefined> => {
    const regions = this.#replication.regions.filter((region) => region.isUp());
    for (const { store } of regions.toSorted((a, b) => compareText(a.name, b.name))) {
      const answers: Claimed[] = [];
      try {
        for (let at = 0; at < claims.length; at += CLAIMS_MAX) {
          answers.push(...(await store.claim(this.#deps.edge, claims.slice(at, at + CLAIMS_MAX), there)));
        }
        return answers;
      } catch {
        // The next one is asked; its reading finds out and reports what is wrong with this one.
      }
    }
    return undefined;
  };

  readonly status = (): FleetStatus => {
    const { edge, settings } = this.#deps;
    const regions = this.#replication.regions.map((region) => ({
      region: region.name,
      role: region === this.#replication.primary ? ('primary' as const) : ('replica' as const),
      connected: region.store.isConnected(),
      writable: region.isUp(),
      trouble: region.trouble.cause || (region.store.isConnected() ? '' : 'it is not connected yet'),
      waiting: region.waiting,
    }));
    return {
      edge,
      region: settings.region,
      edges: this.#presence.edges(),
      left: this.#presence.left(),
      regions,
      lags: this.#presence.lags(),
      records: this.#records.size,
      conflictsResolved: this.#records.conflicts,
      unreadable: { count: this.#unreadable.count, last: this.#unreadable.last() },
      reportsDropped: this.#presence.dropped,
    };
  };
}
