import type { Merge, SharedRecord } from './fleet.ts';
import { isLater } from './merge.ts';
import type { Register, Write } from './register.ts';

/**
 * A key as it is read: its one write, or all that stand side by side made one by `merge`, from the earliest to the
 * latest. Equal registers read the same on every edge, even if a merge is not as lawful as it should be.
 * Undefined when nobody has written it.
 */
export function viewOf(register: Register, merge: Merge): SharedRecord | undefined {
  const said = writesOf(register);
  const [first, ...rest] = said;
  if (first === undefined) return undefined;
  const all = rest.reduce((sofar, next) => ({ ...next, value: merge(sofar, next) }), first);
  return Object.freeze({ ...all, clock: register.clock });
}

/** The writes that stand side by side, from the earliest to the latest. */
export function writesOf(register: Register): readonly SharedRecord[] {
  const all = register.writes.map((write) => recordOf(register.key, write));
  return all.toSorted((a, b) => (isLater(a, b) ? 1 : -1));
}

function recordOf(key: string, { by, number, atMs, value }: Write): SharedRecord {
  return { key, value, clock: { [by]: number }, writtenAtMs: atMs, by };
}
