import type { FleetSettings } from '../../src/config/topology-fleet.ts';
import { DEFAULT_VALUES } from '../../src/config/topology-values.ts';
import type { Merge, Put, SharedRecord } from '../../src/fleet/fleet.ts';
import { Records } from '../../src/fleet/records.ts';
import type { Register } from '../../src/fleet/register.ts';
import { Replication } from '../../src/fleet/replication.ts';
import { Unreadable } from '../../src/fleet/unreadable.ts';
import { seenOf } from '../../src/fleet/vector-clock.ts';
import type { Event } from '../../src/table/event.ts';
import { SimulatedServer, SimulatedStore } from './simulated-store.ts';
import { VirtualTime } from './virtual-time.ts';

/** Within this long all is in step again: the last call that hangs is given up, a new connection is made, the stores are read. */
export const HEALED_MS = 3000;
const WALL_MS = 1_800_000_000_000;

type Life = {
  readonly records: Records;
  readonly replication: Replication;
  readonly stop: () => void;
};

type Written = { readonly edge: string; readonly key: string; readonly put: Put };

/** The safer value: a drain beats what does not drain. */
const safer: Merge = (a, b) => ({ drained: a.value['drained'] === true || b.value['drained'] === true });

export const settingsOf = (region: string, names: readonly string[]): FleetSettings => ({
  store: 'redis',
  path: undefined,
  region,
  regions: names.map((name) => ({ name, url: 'redis://127.0.0.1:1', ca: undefined })),
  prefix: 'test:',
  commandMs: 300,
  replicateMs: 5000,
  reportMs: 1000,
  forgetMs: 5000,
  compareMs: 1000,
  edges: names.length,
  values: DEFAULT_VALUES,
});

/** Edges, servers and what lies between them, in one thread and in virtual time: the same for the same chance. */
export class FleetSimulation {
  readonly time = new VirtualTime();
  readonly servers: readonly SimulatedServer[];
  readonly edges: readonly string[];
  readonly events: Event[] = [];
  readonly #lives = new Map<string, Life>();
  readonly #cuts = new Set<string>();
  readonly #written: Written[] = [];
  /** Every write that any edge has made, acknowledged or not: what may have replaced another. */
  readonly #made: Register[] = [];
  readonly #skewsMs = new Map<string, number>();
  readonly #random: () => number;

  constructor(random: () => number, regions: number, edges: number) {
    this.#random = random;
    this.servers = Array.from({ length: regions }, (_, at) => new SimulatedServer(`r${at}`));
    this.edges = Array.from({ length: edges }, (_, at) => `e${at}`);
    for (const edge of this.edges) this.begin(edge);
  }

  alive(): readonly string[] {
    return [...this.#lives.keys()];
  }

  /** An edge starts, with an empty memory and a wall clock of its own. */
  begin(edge: string): void {
    this.#skewsMs.set(edge, (this.#random() - 0.5) * 4000);
    const stopped = new AbortController();
    const { time } = this;
    const emit = (event: Event) => this.events.push(event);
    const wallMs = () => WALL_MS + time.nowMs + (this.#skewsMs.get(edge) ?? 0);
    const records = new Records({ edge, merges: { 'drain/': safer }, random: this.#random, wallMs, emit });
    records.onRegister((register, mine) => mine && this.#made.push(register));
    const names = this.servers.map(({ name }) => name);
    const region = names[this.edges.indexOf(edge) % names.length] as string;
    const stores = new Map(
      this.servers.map((server) => {
        const isOpen = () => !this.#cuts.has(`${edge} ${server.name}`);
        return [server.name, new SimulatedStore(server, { time, random: this.#random, isOpen })];
      }),
    );
    const replication = new Replication({
      edge,
      settings: settingsOf(region, names),
      stores,
      records,
      unreadable: new Unreadable(emit),
      clock: { nowMs: () => time.nowMs },
      sleep: time.sleep,
      random: this.#random,
      emit,
      signal: stopped.signal,
    });
    void Promise.all(replication.start());
    const stop = () => {
      stopped.abort();
      for (const store of stores.values()) void store.close();
    };
    this.#lives.set(edge, { records, replication, stop });
  }

  kill(edge: string): void {
    this.#lives.get(edge)?.stop();
    this.#lives.delete(edge);
  }

  put(edge: string, key: string, value: Readonly<Record<string, unknown>>): void {
    const life = this.#lives.get(edge);
    if (life === undefined) return;
    void life.replication.put(key, value).then((put) => {
      // Who died meanwhile has told nobody.
      if (this.#lives.get(edge) === life) this.#written.push({ edge, key, put });
      return undefined;
    });
  }

  cut(edge: string, server: string): void {
    this.#cuts.add(`${edge} ${server}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  /** What every edge and every server has, as one text each; all of them equal when the fleet is in step. */
  states(): ReadonlySet<string> {
    const edges = [...this.#lives.values()].map(({ records }) => textOf(records.list('')));
    const servers = this.servers.map(({ records }) => [...records.keys()].toSorted().join());
    const keys = [...this.#lives.values()].map(({ records }) => [...records.list('')].map(({ key }) => key).join());
    return new Set([...edges, new Set([...servers, ...keys]).size === 1 ? (edges[0] ?? '') : 'a store lacks a key']);
  }

  /** Acknowledged writes that are neither there nor replaced by a write that had seen them. */
  lost(): readonly string[] {
    const [life] = this.#lives.values();
    const records = life?.records;
    return this.#written.flatMap(({ edge, key, put }) => {
      if (put.stored !== 'primary') return [];
      const number = seenOf(put.record.clock, edge);
      const isThere = records?.get(key)?.writes.some((write) => write.by === edge && write.number === number) === true;
      // An edge whose wall clock went back may give lower numbers than before: only a later write can have seen this one.
      const madeAt = this.#made.findLastIndex((made) => made.key === key && isOf(made, edge, number));
      const later = this.#made.slice(madeAt + 1).filter((made) => made.key === key);
      const isReplaced = later.some((made) => seenOf(made.clock, edge) >= number);
      return isThere || isReplaced ? [] : [`${key} by ${edge} ${number}`];
    });
  }

  end(): void {
    for (const edge of this.alive()) this.kill(edge);
  }
}

function isOf({ writes }: Register, edge: string, number: number): boolean {
  return writes.some((write) => write.by === edge && write.number === number);
}

function textOf(records: readonly SharedRecord[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}
