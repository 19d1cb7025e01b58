import { createClient } from 'redis';
import { DEFAULT_VALUES, type ValueSettings } from '../../src/config/topology-values.ts';
import type { ShownValue } from '../../src/fleet/values/shown-value.ts';
import type { ValueOrder } from '../../src/fleet/values/value-outcome.ts';
import { eventually } from '../rig/fleet.ts';
import type { RedisServer } from '../rig/redis.ts';
import { chance } from './chance.ts';
import { isLinearizable, type Operation } from './linearizable.ts';
import { FleetStage, type StagedEdge } from './stage.ts';

/** What a schedule of values showed. `wrong` says in words what must not be; empty when all is well. */
export type PlayedValues = {
  readonly seed: number;
  readonly strong: { done: number; conflicts: number; refused: number; unknown: number };
  readonly eventual: { acknowledged: number; here: number };
  readonly faults: { cuts: number; swallows: number; restarts: number; emptied: number };
  readonly wrong: readonly string[];
  /** From the end of all trouble until all edges had the same. */
  readonly healedMs: number;
};

const STEPS = 16;
const STEP_MS_MAX = 60;
const STEP_LIMIT_MS = 60_000;
const EDGES = 3;
const STRONG_KEYS = ['strong/a', 'strong/b'] as const;
/** Short, so that a schedule has many waits that end in time and many that do not. */
const HASTY = { commandMs: 250, replicateMs: 500, compareMs: 500 };
const VALUES: ValueSettings = {
  ...DEFAULT_VALUES,
  merges: { 'sets/': 'union', 'counters/': 'counter' },
  consistency: { 'strong/': 'strong' },
  writesPerSecondMax: 10_000,
};

/**
 * One schedule with real servers: edges read and write strong and eventual values while connections are cut or go silent, and servers
 * are restarted or lose all that they have. `servers` are used by one schedule after the other, each behind a prefix of its own.
 */
export async function playValues(seed: number, servers: readonly RedisServer[]): Promise<PlayedValues> {
  const stage = FleetStage.over(servers);
  const play = new Play(seed, stage);
  try {
    for (let at = 0; at < EDGES; at += 1) {
      await stage.open(`e${at}`, at % servers.length, { ...HASTY, prefix: `s${seed}:`, values: VALUES });
    }
    await stage.connected();
    for (let step = 0; step < STEPS; step += 1) await play.step(step);
    return await play.end();
  } finally {
    await stage.end();
    for (const server of servers) if (!server.isRunning()) await server.restart();
  }
}

class Play {
  readonly #seed: number;
  readonly #stage: FleetStage;
  readonly #random: () => number;
  readonly #histories = new Map<string, Operation[]>();
  /** By edge and key, what was seen last, unless that was that there is nothing. */
  readonly #seen = new Map<string, { readonly name: string; readonly etag: string }>();
  #writes = 0;
  readonly #running: Promise<void>[] = [];
  readonly #acknowledged = new Map<string, unknown>();
  readonly #elements = new Set<string>();
  #added = 0;
  #addedAtMost = 0;
  readonly strong = { done: 0, conflicts: 0, refused: 0, unknown: 0 };
  readonly eventual = { acknowledged: 0, here: 0 };
  readonly faults = { cuts: 0, swallows: 0, restarts: 0, emptied: 0 };

  constructor(seed: number, stage: FleetStage) {
    this.#seed = seed;
    this.#stage = stage;
    this.#random = chance(seed);
  }

  async step(step: number): Promise<void> {
    const edge = this.#pick(this.#stage.edges);
    for (const key of STRONG_KEYS) if (this.#random() < 0.8) this.#strongly(this.#pick(this.#stage.edges), key);
    this.#eventually(edge, step);
    const what = this.#random();
    const way = this.#pick(this.#pick(this.#stage.edges).ways);
    const server = this.#pick(this.#stage.servers);
    if (what < 0.2) {
      way.cut();
      this.faults.cuts += 1;
    } else if (what < 0.3) {
      way.swallow();
      this.faults.swallows += 1;
    } else if (what < 0.5) this.#heal();
    else if (what < 0.53) {
      await server.restart();
      this.faults.restarts += 1;
    } else if (what < 0.58 && (await this.#votersBut(server)) >= this.#stage.servers.length - 1) {
      await emptied(server, `s${this.#seed}:`);
      this.faults.emptied += 1;
    }
    await pause(this.#random() * STEP_MS_MAX);
  }

  async end(): Promise<PlayedValues> {
    await Promise.all(this.#running);
    this.#heal();
    const { edges } = this.#stage;
    const startMs = performance.now();
    const wrong: string[] = [];
    const settled = () => new Set(edges.map((edge) => this.#stateOf(edge))).size === 1;
    await eventually('all in step', settled, STEP_LIMIT_MS).catch(() => wrong.push('edges differ'));
    const healedMs = performance.now() - startMs;
    for (const key of STRONG_KEYS) for (const edge of edges) await this.#readAtLast(edge, key, wrong);
    for (const [key, history] of this.#histories)
      if (!isLinearizable(history)) wrong.push(`${key} is not linearizable`);
    for (const edge of edges) wrong.push(...this.#lostAt(edge));
    const { strong, eventual, faults } = this;
    return { seed: this.#seed, strong, eventual, faults, wrong, healedMs };
  }

  historyOf(key: string): readonly Operation[] {
    return this.#histories.get(key) ?? [];
  }

  #strongly(edge: StagedEdge, key: string): void {
    const draw = this.#random();
    if (draw < 0.4) this.#running.push(this.#read(edge, key).then(() => undefined));
    else this.#running.push(this.#write(edge, key, draw));
  }

  async #read(edge: StagedEdge, key: string): Promise<boolean> {
    const startMs = performance.now();
    const read = await edge.values.read(key, 'strong');
    const shown = read.kind === 'read' ? read.shown : read.now;
    const saw = shown?.actor ?? '';
    if (read.kind !== 'read' && read.kind !== 'missing') {
      this.strong.refused += 1;
      return false;
    }
    this.#saw(edge, key, shown);
    this.#did(key, { startMs, endMs: performance.now(), did: { kind: 'read', saw } });
    this.strong.done += 1;
    return true;
  }

  async #write(edge: StagedEdge, key: string, draw: number): Promise<void> {
    const seen = draw < 0.65 ? this.#seen.get(`${edge.name} ${key}`) : undefined;
    const after = seen?.name;
    // Whoever sees what it made, the deletion of a key included, sees its actor: that names it.
    const makes = `w${(this.#writes += 1)}`;
    const value = draw > 0.9 ? undefined : { of: makes };
    const startMs = performance.now();
    const order: ValueOrder = { key, value, actor: makes, consistency: 'strong', ifMatch: seen?.etag, ifAbsent: false };
    const done = await edge.values.write(order);
    const endMs = performance.now();
    if (done.kind === 'written') {
      this.#did(key, { startMs, endMs, did: { kind: 'write', makes, after } });
      this.#saw(edge, key, done.shown);
      this.strong.done += 1;
    } else if (done.kind === 'conflict') {
      this.#did(key, { startMs, endMs, did: { kind: 'refused', unlike: after ?? '?' } });
      this.strong.conflicts += 1;
    } else if (done.kind === 'unknown') {
      this.#did(key, { startMs, endMs: Number.POSITIVE_INFINITY, did: { kind: 'write', makes, after } });
      this.strong.unknown += 1;
    } else this.strong.refused += 1;
  }

  /** A key of its own, an element of a set, and a count. */
  #eventually(edge: StagedEdge, step: number): void {
    const own = `own/${step}`;
    const element = `${edge.name}-${step}`;
    const known = edge.values.list('sets/x').values[0]?.value;
    const elements = [...(Array.isArray(known) ? (known as unknown[]) : []), element];
    const put = async (key: string, value: unknown, acknowledged: () => void) => {
      const order = { key, value, actor: edge.name, consistency: undefined, ifMatch: undefined, ifAbsent: false };
      const done = await edge.values.write(order);
      if (done.kind === 'written' && done.stored === 'primary') {
        this.eventual.acknowledged += 1;
        acknowledged();
      } else this.eventual.here += 1;
    };
    this.#addedAtMost += step;
    this.#running.push(
      put(own, step, () => this.#acknowledged.set(own, step)),
      put('sets/x', elements, () => this.#elements.add(element)),
      put('counters/x', { add: step }, () => void (this.#added += step)),
    );
  }

  /** What was acknowledged and is not there. */
  #lostAt({ name, values }: StagedEdge): readonly string[] {
    const byKey = new Map(values.list('').values.map((shown) => [shown.key, shown.value]));
    const set = byKey.get('sets/x') as readonly string[] | undefined;
    const count = byKey.get('counters/x') as number | undefined;
    const isCounted = count === undefined ? this.#added === 0 : count >= this.#added && count <= this.#addedAtMost;
    return [
      ...[...this.#acknowledged].flatMap(([key, value]) => (byKey.get(key) === value ? [] : [`${name} lacks ${key}`])),
      ...[...this.#elements].flatMap((one) =>
        set?.includes(one) === true ? [] : [`${name} lacks the element ${one}`],
      ),
      ...(isCounted ? [] : [`${name} counts ${count}, of ${this.#added} to ${this.#addedAtMost}`]),
    ];
  }

  async #readAtLast(edge: StagedEdge, key: string, wrong: string[]): Promise<void> {
    const startMs = performance.now();
    while (performance.now() - startMs < STEP_LIMIT_MS) {
      if (await this.#read(edge, key)) return;
      await pause(50);
    }
    wrong.push(`${edge.name} cannot read ${key} though all is well`);
  }

  #saw({ name }: StagedEdge, key: string, shown: ShownValue | undefined): void {
    if (shown === undefined || shown.deleted) this.#seen.delete(`${name} ${key}`);
    else this.#seen.set(`${name} ${key}`, { name: shown.actor, etag: shown.etag });
  }

  #did(key: string, operation: Operation): void {
    this.#histories.set(key, [...(this.#histories.get(key) ?? []), operation]);
  }

  #heal(): void {
    for (const { ways } of this.#stage.edges) for (const way of ways) way.heal();
  }

  #stateOf({ name, fleet, values }: StagedEdge): string {
    const waiting = fleet.status().regions.reduce((sum, region) => sum + region.waiting, 0);
    return JSON.stringify(waiting > 0 ? [name, waiting] : values.list('').values);
  }

  async #votersBut(server: RedisServer): Promise<number> {
    const others = this.#stage.servers.filter((one) => one !== server);
    const votes = await Promise.all(others.map((one) => isVoter(one, `s${this.#seed}:`)));
    return votes.filter((one) => one).length;
  }

  #pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.#random() * all.length)] as T;
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

async function asked<T>(server: RedisServer, run: (client: Client) => Promise<T>): Promise<T> {
  const client = clientOf(server);
  client.on('error', () => {});
  await client.connect();
  try {
    return await run(client);
  } finally {
    client.destroy();
  }
}

type Client = ReturnType<typeof clientOf>;

function clientOf({ url }: RedisServer) {
  return createClient({ url });
}

/** Whether a server votes: it was admitted in its present life. */
function isVoter(server: RedisServer, prefix: string): Promise<boolean> {
  return asked(server, async (client) => {
    const [info, meta] = [await client.info('server'), await client.hGetAll(`${prefix}meta`)];
    const run = /run_id:(\w+)/.exec(info)?.[1] ?? '';
    return meta['member'] === `${run}/${meta['epoch'] ?? ''}`;
  });
}

/** Takes from a server all that it has behind the prefix, in one step. */
async function emptied(server: RedisServer, prefix: string): Promise<void> {
  await asked(server, async (client) => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
  });
}
