import { compareText } from '../config/compare-text.ts';
import { readStartOrder } from '../config/read-experiment.ts';
import type { ChaosExperiment } from '../config/topology-chaos.ts';
import { writtenExperiment } from '../config/written-experiment.ts';
import { canonical } from './canonical.ts';
import type { Merge, SharedRecord, SharedValue } from './fleet.ts';

/** Where experiments of the whole fleet are among its records. */
export const CHAOS_PREFIX = 'chaos/';

/**
 * Keys that experiments have together. A record is never deleted, and whoever names each experiment after its day would fill
 * the fleet with names in time: beyond so many, a start takes the key of one that is over.
 */
export const CHAOS_KEYS_MAX = 256;

/** One start of an experiment on every edge that has chaos enabled, and its end if it was stopped. Times are by wall clocks. */
export type SharedExperiment = {
  readonly experiment: ChaosExperiment;
  readonly startedAtMs: number;
  readonly untilMs: number;
  /** The edge that it was started at; with `startedAtMs` it names the start. */
  readonly startedBy: string;
  readonly stopped: Stopped | undefined;
};

/** `expired`: it has expired on the edge that it was started at; whose clock is behind must not run it once more. */
export type Stopped = {
  readonly reason: 'operator' | 'guard' | 'expired';
  readonly detail: string;
  readonly edge: string;
};

/**
 * The key for a start of `name`: the one that it had, or its own, or, when there are too many, that of the experiment that
 * has been over for longest.
 */
export function keyForStart(name: string, records: readonly SharedRecord[]): string {
  const own = `${CHAOS_PREFIX}${name}`;
  const known = records.flatMap((record) => {
    const shared = sharedExperimentOf(record);
    return shared === undefined ? [] : [{ key: record.key, shared }];
  });
  const had = known.find(({ shared }) => shared.experiment.name === name);
  if (had !== undefined) return had.key;
  const isTaken = known.some(({ key, shared }) => key === own && shared.stopped === undefined);
  if (records.length < CHAOS_KEYS_MAX && !isTaken) return own;
  const rank = ({ shared }: (typeof known)[number]) => Number(shared.stopped === undefined);
  const [longest] = known.toSorted((a, b) => rank(a) - rank(b) || a.shared.untilMs - b.shared.untilMs);
  return longest?.key ?? own;
}

/** What the record of an experiment says. */
export function chaosValue({ experiment, stopped, ...start }: SharedExperiment): SharedValue {
  return { order: writtenExperiment(experiment), ...start, stopped: stopped ?? null };
}

/** Reads what any edge of any version may have written; undefined when it is no experiment that this one would run. */
export function sharedExperimentOf({ key, value }: Pick<SharedRecord, 'key' | 'value'>): SharedExperiment | undefined {
  const { order, startedAtMs, untilMs, startedBy, stopped } = value;
  const read = readStartOrder(order);
  if ('problems' in read || read.experiment === undefined || !key.startsWith(CHAOS_PREFIX)) return undefined;
  if (!isTime(startedAtMs) || !isTime(untilMs) || typeof startedBy !== 'string') return undefined;
  const end = stopped === null ? undefined : stoppedOf(stopped);
  if (stopped !== null && end === undefined) return undefined;
  return { experiment: read.experiment, startedAtMs, untilMs, startedBy, stopped: end };
}

/** Two records are about one start when these are equal. */
export function startOf({ startedAtMs, startedBy }: Pick<SharedExperiment, 'startedAtMs' | 'startedBy'>): string {
  return `${startedAtMs} ${startedBy}`;
}

/** Whether `a` was started after `b`, in an order in which no two starts tie. */
export function isLaterStart(a: SharedExperiment, b: SharedExperiment): boolean {
  return compareStarts(a, b) > 0;
}

/**
 * Of one start, stopped beats running: whoever stops an experiment, wherever, has stopped it. Of two starts the later one is
 * meant; it is stopped by a stop of its own. What remains is decided by text, so that every edge decides alike.
 */
export const mergeChaos: Merge = (a, b) => (compare(a, b) >= 0 ? a.value : b.value);

function compare(a: SharedRecord, b: SharedRecord): number {
  const [one, other] = [sharedExperimentOf(a), sharedExperimentOf(b)];
  const byText = () => compareText(canonical(a.value), canonical(b.value));
  if (one === undefined || other === undefined) {
    return Number(one !== undefined) - Number(other !== undefined) || byText();
  }
  return (
    compareStarts(one, other) || Number(one.stopped !== undefined) - Number(other.stopped !== undefined) || byText()
  );
}

function compareStarts(a: SharedExperiment, b: SharedExperiment): number {
  return a.startedAtMs - b.startedAtMs || compareText(a.startedBy, b.startedBy);
}

function stoppedOf(value: unknown): Stopped | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { reason, detail, edge } = value as Readonly<Record<string, unknown>>;
  if (reason !== 'operator' && reason !== 'guard' && reason !== 'expired') return undefined;
  return typeof detail === 'string' && typeof edge === 'string' ? { reason, detail, edge } : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
