import { createHash } from 'node:crypto';
import { OVERRIDE_KINDS, type OverrideKind, type OverrideScope, scopeText } from '../config/override-scope.ts';
import { asMapping } from '../config/raw.ts';
import type { OverrideOrder } from '../config/read-override.ts';
import { CLOUD_NAME } from '../config/topology-cloud.ts';
import type { SharedRecord, SharedValue } from './fleet.ts';

/** Where operators' decisions are among the records of a fleet. */
export const OVERRIDE_PREFIX = 'override/';

/**
 * One operator's word. `level` says how much is left: 0 for a drain, the share for a weight, requests in flight for a capacity;
 * the lower, the safer. Null lifts it. Times are by the wall clock of the edge that was asked.
 */
export type OverrideEntry = {
  readonly level: number | null;
  /** Null: forever. */
  readonly untilMs: number | null;
  readonly setAtMs: number;
  readonly actor: string;
  readonly reason: string;
};

/**
 * What was said about one kind and scope. One word as a rule; several when edges that could not hear each other were ordered
 * different things, and each holds at another time: see `override-merge.ts`.
 */
export type Override = {
  readonly kind: OverrideKind;
  readonly scope: OverrideScope;
  readonly said: readonly OverrideEntry[];
};

/** What holds now. */
export type InForce = OverrideEntry & {
  readonly kind: OverrideKind;
  readonly scope: OverrideScope;
  readonly level: number;
  /** The edge that wrote it last. */
  readonly edge: string;
};

/** Keys are short: a store keeps none that are longer than a few hundred bytes. */
const SCOPE_BYTES_MAX = 160;

/** More words about one thing than a fleet has edges cannot be. */
const ENTRIES_MAX = 1024;

/** The key of the record about a kind and scope. The id of an endpoint with a long path stands in it as a digest. */
export function overrideKey({ kind, scope }: Pick<Override, 'kind' | 'scope'>): string {
  const text = scopeText(scope);
  const isLong = Buffer.byteLength(text) > SCOPE_BYTES_MAX;
  return `${OVERRIDE_PREFIX}${kind}/${isLong ? `sha256:${createHash('sha256').update(text).digest('hex')}` : text}`;
}

/** What an order becomes; it replaces all that this edge has heard about the same kind and scope. */
export function overrideValue(order: OverrideOrder, wallMs: number): SharedValue {
  const { kind, scope, level, forMs, actor, reason } = order;
  const untilMs = forMs === undefined ? null : wallMs + forMs;
  const said: OverrideEntry = { level, untilMs, setAtMs: wallMs, actor, reason };
  return { kind, scope, said: [said] } satisfies Override;
}

/** Reads a value that any version of any edge may have written; undefined when it is no override. */
function readOverride({ kind, scope, said }: SharedValue): Override | undefined {
  const known = OVERRIDE_KINDS.find((one) => one === kind);
  const where = scopeOf(scope);
  if (known === undefined || where === undefined || !Array.isArray(said)) return undefined;
  if (said.length === 0 || said.length > ENTRIES_MAX) return undefined;
  const entries = said.map((one: unknown) => entryOf(one, known));
  return entries.every((one) => one !== undefined) ? { kind: known, scope: where, said: entries } : undefined;
}

/** What a record says; undefined when it is none of ours, or under a key that is not its own. */
export function overrideOf({ key, value }: Pick<SharedRecord, 'key' | 'value'>): Override | undefined {
  const override = readOverride(value);
  return override !== undefined && overrideKey(override) === key ? override : undefined;
}

/** What a record says now: the safest entry that has not expired. Undefined when nothing holds, or it is no override. */
export function inForceOf(record: SharedRecord, wallMs: number): InForce | undefined {
  const override = overrideOf(record);
  if (override === undefined) return undefined;
  const { kind, scope, said } = override;
  let safest: (OverrideEntry & { readonly level: number }) | undefined;
  for (const one of said) {
    const { level } = one;
    if (level === null || (one.untilMs !== null && one.untilMs <= wallMs)) continue;
    if (safest === undefined || level < safest.level) safest = { ...one, level };
  }
  return safest && { ...safest, kind, scope, edge: record.by };
}

/** Between these two dates, the first included, an override says the same. */
export type Span = { readonly fromMs: number; readonly untilMs: number };

/**
 * For how long what an override says now remains what it says, in both directions: a wall clock may step ahead and back,
 * and what has expired holds again when the clock turns out to have been ahead. Undefined when it never says anything.
 */
export function spanOf({ said }: Pick<Override, 'said'>, wallMs: number): Span | undefined {
  if (said.every(({ level }) => level === null)) return undefined;
  let [fromMs, untilMs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { level, untilMs: endMs } of said) {
    if (level === null || endMs === null) continue;
    if (endMs <= wallMs) fromMs = Math.max(fromMs, endMs);
    else untilMs = Math.min(untilMs, endMs);
  }
  return { fromMs, untilMs };
}

function scopeOf(value: unknown): OverrideScope | undefined {
  const { cloud, region, service, endpoint } = asMapping(value);
  if (cloud === undefined) return isText(endpoint) ? { endpoint } : undefined;
  // Another edge may know clouds that this one does not; what it says of them reaches none of ours, and is kept for others.
  if (typeof cloud !== 'string' || !CLOUD_NAME.test(cloud)) return undefined;
  if (![region, service].every((one) => one === undefined || isText(one))) return undefined;
  return { cloud, ...(isText(region) ? { region } : {}), ...(isText(service) ? { service } : {}) };
}

function entryOf(value: unknown, kind: OverrideKind): OverrideEntry | undefined {
  const { level, untilMs, setAtMs, actor, reason } = asMapping(value);
  if (!(level === null || isLevel(level, kind)) || !(untilMs === null || isTime(untilMs)) || !isTime(setAtMs)) {
    return undefined;
  }
  if (typeof actor !== 'string' || typeof reason !== 'string') return undefined;
  return { level, untilMs, setAtMs, actor, reason };
}

function isLevel(value: unknown, kind: OverrideKind): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (kind === 'drain') return value === 0;
  return kind === 'weight' ? value > 0 && value < 1 : value >= 1;
}

/** A date that can be written in ISO 8601. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= DATE_MAX_MS;
}

const DATE_MAX_MS = 8.64e15;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
