import { readStartOrder } from '../config/read-experiment.ts';
import type { ChaosExperiment } from '../config/topology-chaos.ts';
import { writtenExperiment } from '../config/written-experiment.ts';
import { canonical } from './canonical.ts';
import type { Merge, SharedRecord, SharedValue } from './fleet.ts';

/** Where experiments of the whole fleet are among its records, by their names. */
export const CHAOS_PREFIX = 'chaos/';

/** One start of an experiment on every edge that has chaos enabled, and its end if it was stopped. Times are by wall clocks. */
export type SharedExperiment = {
  readonly experiment: ChaosExperiment;
  readonly startedAtMs: number;
  readonly untilMs: number;
  /** The edge that it was started at; with `startedAtMs` it names the start. */
  readonly startedBy: string;
  readonly stopped: Stopped | undefined;
};

export type Stopped = { readonly reason: 'operator' | 'guard'; readonly detail: string; readonly edge: string };

export function chaosKey(name: string): string {
  return `${CHAOS_PREFIX}${name}`;
}

export function chaosValue({ experiment, stopped, ...start }: SharedExperiment): SharedValue {
  return { order: writtenExperiment(experiment), ...start, stopped: stopped ?? null };
}

/** Reads what any edge of any version may have written; undefined when it is no experiment that this one would run. */
export function sharedExperimentOf({ key, value }: Pick<SharedRecord, 'key' | 'value'>): SharedExperiment | undefined {
  const { order, startedAtMs, untilMs, startedBy, stopped } = value;
  const read = readStartOrder(order);
  if ('problems' in read || read.experiment === undefined || chaosKey(read.name) !== key) return undefined;
  if (!isTime(startedAtMs) || !isTime(untilMs) || typeof startedBy !== 'string') return undefined;
  const end = stopped === null ? undefined : stoppedOf(stopped);
  if (stopped !== null && end === undefined) return undefined;
  return { experiment: read.experiment, startedAtMs, untilMs, startedBy, stopped: end };
}

/** Two records are about one start when these are equal. */
export function startOf({ startedAtMs, startedBy }: Pick<SharedExperiment, 'startedAtMs' | 'startedBy'>): string {
  return `${startedAtMs} ${startedBy}`;
}

/**
 * Of one start, stopped beats running: whoever stops an experiment, wherever, has stopped it. Of two starts the later one is
 * meant; it is stopped by a stop of its own. What remains is decided by text, so that every edge decides alike.
 */
export const mergeChaos: Merge = (a, b) => (compare(a, b) >= 0 ? a.value : b.value);

function compare(a: SharedRecord, b: SharedRecord): number {
  const [one, other] = [sharedExperimentOf(a), sharedExperimentOf(b)];
  const byText = () => compareTexts(canonical(a.value), canonical(b.value));
  if (one === undefined || other === undefined) {
    return Number(one !== undefined) - Number(other !== undefined) || byText();
  }
  return (
    one.startedAtMs - other.startedAtMs ||
    compareTexts(one.startedBy, other.startedBy) ||
    Number(one.stopped !== undefined) - Number(other.stopped !== undefined) ||
    byText()
  );
}

function stoppedOf(value: unknown): Stopped | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { reason, detail, edge } = value as Readonly<Record<string, unknown>>;
  if (reason !== 'operator' && reason !== 'guard') return undefined;
  return typeof detail === 'string' && typeof edge === 'string' ? { reason, detail, edge } : undefined;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
