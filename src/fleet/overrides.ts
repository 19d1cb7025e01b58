import { isDeepStrictEqual } from 'node:util';
import { scopeText } from '../config/override-scope.ts';
import type { OverrideOrder } from '../config/read-override.ts';
import type { Emit, Event } from '../table/event.ts';
import type { Fleet, Put, SharedRecord } from './fleet.ts';
import { type InForce, inForceOf, OVERRIDE_PREFIX, overrideKey, overrideOf, overrideValue } from './override.ts';

export type OverridesDeps = {
  readonly fleet: Pick<Fleet, 'list' | 'put' | 'onChange'>;
  /** The wall clock: when an override ends is a date, which all edges and a restart know. */
  readonly wallMs: () => number;
  readonly emit: Emit;
  /** Told, at once, of all that is in force after every change. */
  readonly apply: (inForce: readonly InForce[]) => void;
};

/**
 * Records about single endpoints that a fleet may have, lifted and ended ones included: a record stays, so that an edge which
 * was away learns that it is over. Those about clouds and regions are as few as the file has clouds and regions.
 */
export const ENDPOINT_RECORDS_MAX = 4096;

/** What operators decided, from wherever in the fleet. Belongs to the control thread. */
export class Overrides {
  readonly #deps: OverridesDeps;
  readonly #inForce = new Map<string, { readonly record: SharedRecord; readonly now: InForce }>();

  constructor(deps: OverridesDeps) {
    this.#deps = deps;
    deps.fleet.onChange((record) => {
      if (record.key.startsWith(OVERRIDE_PREFIX)) this.#changed([record]);
    });
  }

  /** What holds now, by scope and kind. */
  get inForce(): readonly InForce[] {
    return [...this.#inForce.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { now }]) => now);
  }

  /** Takes in everything that is known of already; later records come by themselves. */
  begin(): void {
    this.#changed(this.#deps.fleet.list(OVERRIDE_PREFIX));
  }

  /** Looks whether anything that is in force has had its time. To be called at least every second. */
  expire(): void {
    this.#changed([...this.#inForce.values()].map(({ record }) => record));
  }

  /** Whether a new record of this order may be made. */
  hasRoomFor(order: OverrideOrder): boolean {
    if (!('endpoint' in order.scope)) return true;
    const records = this.#deps.fleet.list(OVERRIDE_PREFIX);
    if (records.some(({ key }) => key === overrideKey(order))) return true;
    const single = records.filter((record) => 'endpoint' in (overrideOf(record)?.scope ?? {}));
    return single.length < ENDPOINT_RECORDS_MAX;
  }

  /** Carries out an order. It is in force in this edge when this begins to wait. */
  async set(order: OverrideOrder): Promise<Put> {
    const { fleet, wallMs } = this.#deps;
    return fleet.put(overrideKey(order), overrideValue(order, wallMs()));
  }

  #changed(records: readonly SharedRecord[]): void {
    const wallMs = this.#deps.wallMs();
    const changes = records.flatMap((record): Change[] => {
      const [before, after] = [this.#inForce.get(record.key)?.now, inForceOf(record, wallMs)];
      // Kept also where nothing changes now: the record may say what holds after that.
      if (after === undefined) this.#inForce.delete(record.key);
      else this.#inForce.set(record.key, { record, now: after });
      return isDeepStrictEqual(before, after) ? [] : [{ record, before, after }];
    });
    if (changes.length === 0) return;
    this.#deps.apply([...this.#inForce.values()].map(({ now }) => now));
    for (const event of changes.flatMap(eventsOf)) this.#deps.emit(event);
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
