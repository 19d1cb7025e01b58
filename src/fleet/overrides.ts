import { isDeepStrictEqual } from 'node:util';
import { compareText } from '../config/compare-text.ts';
import { scopeText } from '../config/override-scope.ts';
import type { OverrideOrder } from '../config/read-override.ts';
import type { Emit, Event } from '../table/event.ts';
import type { Fleet, Put, SharedRecord } from './fleet.ts';
import {
  type InForce,
  inForceOf,
  OVERRIDE_PREFIX,
  overrideKey,
  overrideOf,
  overrideValue,
  type Span,
  spanOf,
} from './override.ts';
import { ScopedOverrides } from './scoped-overrides.ts';

export type OverridesDeps = {
  readonly fleet: Pick<Fleet, 'list' | 'put' | 'onChange'>;
  /** The wall clock: when an override ends is a date, which all edges and a restart know. */
  readonly wallMs: () => number;
  readonly emit: Emit;
  /** Called at once after every change, with what is in force, and with the scopes, as texts, for which that has changed. */
  readonly apply: (overrides: ScopedOverrides, changed: readonly string[]) => void;
};

/**
 * Records about single endpoints that a fleet may have, lifted and ended ones included: a record stays, so that an edge which
 * was away learns that it is over. Those about clouds and regions are as few as the file has clouds and regions.
 */
export const ENDPOINT_RECORDS_MAX = 4096;

/** A record that says something at some time, what it says now, and from when until when it says that. */
type Held = { readonly record: SharedRecord; readonly now: InForce | undefined; readonly span: Span };

/** What operators decided, from wherever in the fleet. Belongs to the control thread. */
export class Overrides {
  readonly #deps: OverridesDeps;
  /** Those included that have had their time: by a clock that was ahead, perhaps. As many as there are records. */
  readonly #held = new Map<string, Held>();
  /** Keys of records about single endpoints. */
  readonly #single = new Set<string>();
  readonly scoped = new ScopedOverrides();
  /** What is in force, sorted; made when it is asked for. */
  #sorted: readonly InForce[] | undefined;

  constructor(deps: OverridesDeps) {
    this.#deps = deps;
    deps.fleet.onChange((record) => {
      if (record.key.startsWith(OVERRIDE_PREFIX)) this.#changed([record]);
    });
  }

  /** What holds now, by scope and kind. */
  get inForce(): readonly InForce[] {
    this.#sorted ??= [...this.#held.entries()]
      .toSorted(([a], [b]) => compareText(a, b))
      .flatMap(([, { now }]) => (now === undefined ? [] : [now]));
    return this.#sorted;
  }

  /** Takes in everything that is known of already; later records come by themselves. */
  begin(): void {
    this.#changed(this.#deps.fleet.list(OVERRIDE_PREFIX));
  }

  /** Looks whether anything has expired, or holds again. To be called at least every second. */
  expire(): void {
    const wallMs = this.#deps.wallMs();
    const isOther = ({ span }: Held) => wallMs < span.fromMs || wallMs >= span.untilMs;
    this.#changed([...this.#held.values()].filter(isOther).map(({ record }) => record));
  }

  /** Whether a new record of this order may be made. */
  hasRoomFor(order: OverrideOrder): boolean {
    if (!('endpoint' in order.scope)) return true;
    return this.#single.has(overrideKey(order)) || this.#single.size < ENDPOINT_RECORDS_MAX;
  }

  /** Carries out an order. It is in force in this edge when this begins to wait. */
  async set(order: OverrideOrder): Promise<Put> {
    const { fleet, wallMs } = this.#deps;
    return fleet.put(overrideKey(order), overrideValue(order, wallMs()));
  }

  #changed(records: readonly SharedRecord[]): void {
    const wallMs = this.#deps.wallMs();
    const changes = records.flatMap((record): Change[] => {
      const [before, after] = [this.#held.get(record.key)?.now, this.#hold(record, wallMs)];
      return isDeepStrictEqual(before, after) ? [] : [{ record, before, after }];
    });
    if (changes.length === 0) return;
    this.#sorted = undefined;
    for (const { before, after } of changes) {
      if (after !== undefined) this.scoped.set(after);
      else if (before !== undefined) this.scoped.delete(before.kind, before.scope);
    }
    const scopes = changes.map(({ before, after }) => scopeText((after ?? (before as InForce)).scope));
    this.#deps.apply(this.scoped, [...new Set(scopes)]);
    for (const event of changes.flatMap(eventsOf)) this.#deps.emit(event);
  }

  /** Remembers a record, and returns what it says now. */
  #hold(record: SharedRecord, wallMs: number): InForce | undefined {
    const override = overrideOf(record);
    if (override !== undefined && 'endpoint' in override.scope) this.#single.add(record.key);
    const span = override && spanOf(override, wallMs);
    if (span === undefined) {
      this.#held.delete(record.key);
      return undefined;
    }
    const now = inForceOf(record, wallMs);
    this.#held.set(record.key, { record, now, span });
    return now;
  }
}

type Change = {
  readonly record: SharedRecord;
  readonly before: InForce | undefined;
  readonly after: InForce | undefined;
};

function eventsOf({ record, before, after }: Change): readonly Event[] {
  const type = 'override-changed';
  const edge = record.by;
  if (after !== undefined) {
    const { kind, scope, level, untilMs, actor, reason } = after;
    return [{ type, kind, scope: scopeText(scope), status: 'in-force', level, untilMs, actor, reason, edge }];
  }
  if (before === undefined) return [];
  const { kind, scope } = before;
  const word = overrideOf(record)?.said.at(-1);
  const status = word?.level === null ? 'lifted' : 'ended';
  const { actor, reason } = word ?? before;
  return [{ type, kind, scope: scopeText(scope), status, level: null, untilMs: null, actor, reason, edge }];
}
