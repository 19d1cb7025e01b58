import { byPrefix, type Consistency, type ValueSettings } from '../../config/topology-values.ts';
import type { LoopDeps } from '../../table/loop.ts';
import type { Fleet, PutIf, SharedRecord } from '../fleet.ts';
import { type Rules, type ShownValue, shownValue } from './shown-value.ts';
import { StrongMirror } from './strong-mirror.ts';
import { type Held, ValueIndex } from './value-index.ts';
import { keyProblem, ordered, valueProblem } from './value-order.ts';
import {
  conflict,
  missing,
  REFUSED_FIX,
  UNKNOWN_FIX,
  type Unmet,
  type ValueOrder,
  type ValueRead,
  type ValueWritten,
  type WriteResult,
} from './value-outcome.ts';
import { keyOf, recordKey, VALUE_PREFIX } from './value-record.ts';
import { WriteRate } from './write-rate.ts';

export type ValuesDeps = Pick<LoopDeps, 'clock' | 'random' | 'emit' | 'sleep' | 'signal'> & {
  readonly fleet: Pick<Fleet, 'list' | 'put' | 'onChange' | 'status' | 'values'>;
  readonly settings: ValueSettings;
  readonly edge: string;
  readonly wallMs: () => number;
};

export type ValueList = { readonly cursor: string; readonly values: readonly ShownValue[] };

/** Values that users keep in the fleet, as an edge knows, reads and writes them. Belongs to the control thread. */
export class FleetValues {
  readonly #deps: ValuesDeps;
  readonly index = new ValueIndex();
  readonly #rate: WriteRate;
  readonly #mirror: StrongMirror;
  /** Names this life of this edge: in cursors, and as who counts. */
  readonly #life: string;
  readonly #listeners: ((key: string) => void)[] = [];
  readonly writes = new Map<string, number>();

  constructor(deps: ValuesDeps) {
    this.#deps = deps;
    this.#rate = new WriteRate(deps.clock, deps.settings.writesPerSecondMax);
    this.#life = `${deps.edge}~${Math.floor(deps.random() * 2 ** 40).toString(36)}`;
    this.#mirror = new StrongMirror({ ...deps, index: this.index });
    deps.fleet.onChange((record) => {
      if (record.key.startsWith(VALUE_PREFIX)) this.#take(record);
    });
    deps.fleet.values.onForget((key) => {
      if (!key.startsWith(VALUE_PREFIX)) return;
      this.index.forget(keyOf(key));
      for (const listener of this.#listeners) listener(keyOf(key));
    });
  }

  /** Takes in everything that is known of already; later records come by themselves. */
  begin(): void {
    for (const record of this.#deps.fleet.list(VALUE_PREFIX)) this.#take(record);
  }

  /** Looks after what was deleted long ago, and after what was agreed on without this edge. To be called every second or so. */
  tidy(): Promise<void> {
    return this.#mirror.tidy();
  }

  /** Calls back with the key of every value that is new, different or gone. */
  onChange(listener: (key: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Whether a flag is on: `true` or `"on"`. */
  isOn(key: string): boolean {
    const value = this.index.get(key)?.said.value;
    return value === true || value === 'on';
  }

  rulesOf(key: string): Rules {
    const { merges, consistency } = this.#deps.settings;
    return { consistency: byPrefix(key, consistency) ?? 'eventual', merge: byPrefix(key, merges) ?? 'newest' };
  }

  /** What a key is: as this edge knows it, or, of a strong one, as most regions say unless `eventual` is enough. */
  async read(key: string, consistency: Consistency | undefined): Promise<ValueRead> {
    const problem = keyProblem(key);
    if (problem !== undefined) return { kind: 'invalid', why: problem, fix: KEY_FIX };
    const rules = this.rulesOf(key);
    if (consistency === 'strong' && rules.consistency === 'eventual') return this.#mismatch(key, 'strong');
    if ((consistency ?? rules.consistency) === 'strong') return this.#mirror.read(key, rules);
    const held = this.index.get(key);
    const shown = held && this.#shown(held);
    return shown === undefined || shown.deleted ? missing(key, shown) : { kind: 'read', shown };
  }

  /** Those that begin with a prefix, as this edge knows them; deleted ones only behind a cursor, where they are news. */
  list(prefix: string, cursor?: string): ValueList {
    const [life, place] = cursor?.split('.') ?? [];
    const after = life === this.#token ? Number(place) : 0;
    const found = this.index.list(prefix, Number.isSafeInteger(after) ? after : 0);
    const values = found.map((held) => this.#shown(held)).filter(({ deleted }) => cursor !== undefined || !deleted);
    return { cursor: `${this.#token}.${this.index.place}`, values };
  }

  /** Like `list`, once anything has changed behind the cursor or the time is up. */
  async watch(prefix: string, cursor: string, waitMs: number): Promise<ValueList | Unmet> {
    const { clock, sleep, signal } = this.#deps;
    const untilMs = clock.nowMs() + waitMs;
    for (;;) {
      const now = this.list(prefix, cursor);
      const leftMs = untilMs - clock.nowMs();
      if (now.values.length > 0 || !cursor.startsWith(`${this.#token}.`) || leftMs <= 0 || signal.aborted) return now;
      if (!(await this.index.wait(sleep(leftMs, signal)))) {
        return {
          kind: 'limited',
          why: 'too many are watching already',
          fix: 'ask again later, without waiting',
          retryMs: 1000,
        };
      }
    }
  }

  /** Carries out an order, and says so in the log. */
  async write(order: ValueOrder): Promise<ValueWritten> {
    const done = await this.#write(order);
    const { key, value, actor } = order;
    const { consistency } = this.rulesOf(key);
    const result = resultOf(done);
    const counted = `${consistency} ${result}`;
    this.writes.set(counted, (this.writes.get(counted) ?? 0) + 1);
    this.#deps.emit({
      type: 'fleet-value',
      key: key.slice(0, KEY_CHARS_LOGGED_MAX),
      order: value === undefined ? 'delete' : 'set',
      consistency,
      result,
      actor,
      version: done.kind === 'written' ? done.shown.etag : '',
      why: done.kind === 'written' ? '' : done.why,
    });
    return done;
  }

  async #write(order: ValueOrder): Promise<ValueWritten> {
    const { key, value } = order;
    const problem = keyProblem(key);
    if (problem !== undefined) return { kind: 'invalid', why: problem, fix: KEY_FIX };
    const rules = this.rulesOf(key);
    if (order.consistency !== undefined && order.consistency !== rules.consistency) {
      return this.#mismatch(key, order.consistency);
    }
    const merge = rules.consistency === 'strong' ? 'newest' : rules.merge;
    const wrong = value === undefined ? undefined : valueProblem(value, merge);
    if (wrong !== undefined) return { kind: 'invalid', why: wrong, fix: 'send another value, or another key' };
    const full = this.#fullness(order);
    if (full !== undefined) return full;
    const retryMs = this.#rate.take();
    if (retryMs > 0) {
      const why = `this edge takes ${this.#deps.settings.writesPerSecondMax} writes of values a second`;
      return { kind: 'limited', why, fix: 'wait, or raise fleet.values.rate', retryMs };
    }
    return rules.consistency === 'strong' ? this.#mirror.write(order, rules) : this.#writeHere(order, rules);
  }

  async #writeHere(order: ValueOrder, rules: Rules): Promise<ValueWritten> {
    const { fleet } = this.#deps;
    const { key, value, actor } = order;
    const made = () => {
      const before = this.index.get(key)?.said;
      return ordered(value, { merge: rules.merge, before, actor, life: this.#life });
    };
    try {
      if (order.ifMatch === undefined && !order.ifAbsent) {
        const { stored } = await fleet.put(recordKey(key), made());
        return { kind: 'written', shown: this.#shown(this.index.get(key) as Held), stored };
      }
      const done = await fleet.values.putIf(recordKey(key), (now) =>
        this.#meets(order, now, rules) ? made() : undefined,
      );
      return this.#answered(order, done);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { kind: 'full', why: error.message, fix: 'send less, or delete what is not needed' };
    }
  }

  #answered({ key }: ValueOrder, done: PutIf): ValueWritten {
    const held = this.index.get(key);
    const now = held && this.#shown(held);
    switch (done.kind) {
      case 'put':
        return { kind: 'written', shown: now as ShownValue, stored: done.put.stored };
      case 'conflict':
        return conflict(key, now);
      case 'refused':
        return {
          kind: 'refused',
          why: `a condition is looked at in the store of this region: ${done.why}`,
          fix: REFUSED_FIX,
        };
      case 'unknown':
        return { kind: 'unknown', why: `the store did not answer: ${done.why}`, fix: UNKNOWN_FIX };
      default:
        return done satisfies never;
    }
  }

  #meets({ key, ifMatch, ifAbsent }: ValueOrder, record: SharedRecord | undefined, rules: Rules): boolean {
    const shown = record && shownValue(key, record, { rules, writes: [] });
    const there = shown === undefined || shown.deleted ? undefined : shown;
    if (ifAbsent) return there === undefined;
    return there !== undefined && (ifMatch === '*' || there.etag === ifMatch);
  }

  #fullness({ key, value }: ValueOrder): Unmet | undefined {
    const { keysMax, bytesMax } = this.#deps.settings;
    if (value === undefined) return undefined;
    const fix = 'delete what is not needed, or raise fleet.values';
    if (this.index.get(key) === undefined && this.index.size >= keysMax) {
      const why = `the fleet keeps ${keysMax} keys, those included that were deleted lately`;
      return { kind: 'full', why, fix };
    }
    const bytes = this.index.bytesWith(key, value);
    return bytes <= bytesMax
      ? undefined
      : { kind: 'full', why: `all values would have ${bytes} bytes, and ${bytesMax} are kept`, fix };
  }

  #mismatch(key: string, asked: Consistency): Unmet {
    const prefix = key.includes('/') ? key.slice(0, key.indexOf('/') + 1) : key;
    return {
      kind: 'mismatch',
      why: `${key} is kept with ${this.rulesOf(key).consistency} consistency`,
      fix: `put fleet: { consistency: { "${prefix}": ${asked} } } into the file of every edge while nothing is kept there, or take another key`,
    };
  }

  #shown({ key, record }: Held): ShownValue {
    const rules = this.rulesOf(key);
    // Of what most regions agreed on there is one, whoever else has put it down here.
    const writes = rules.consistency === 'strong' ? [] : this.#deps.fleet.values.writes(record.key);
    return shownValue(key, record, { rules, writes });
  }

  /** A cursor is only good in the life of the edge that gave it. */
  get #token(): string {
    return this.#life.slice(this.#life.lastIndexOf('~') + 1);
  }

  #take(record: SharedRecord): void {
    const { key } = this.index.take(record);
    for (const listener of this.#listeners) listener(key);
  }
}

const KEY_FIX = 'write it like flags/beta-on';
const KEY_CHARS_LOGGED_MAX = 200;

function resultOf(done: ValueWritten): WriteResult {
  switch (done.kind) {
    case 'written':
      return done.stored === 'here' ? 'here' : 'acknowledged';
    case 'conflict':
    case 'limited':
    case 'unknown':
      return done.kind;
    default:
      return 'refused';
  }
}
