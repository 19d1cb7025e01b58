import { compareText } from '../config/compare-text.ts';
import { canonical } from './canonical.ts';
import type { SharedValue, VectorClock } from './fleet.ts';
import { joined, NEVER, seenOf, shortened, withWrite } from './vector-clock.ts';

/** One write of a key. `by` and `number` name it; no two writes have the same. */
export type Write = {
  readonly by: string;
  readonly number: number;
  /** By the wall clock of the writer. */
  readonly atMs: number;
  readonly value: SharedValue;
};

/**
 * A key as it is kept and replicated: every write that no other has replaced, and what has been seen. Usually that is one
 * write; it is several while edges that had not seen each other's have written and nobody has written since. They are
 * kept apart, and made one value only when the key is read (view.ts). Had they been merged when they met, a write that
 * replaces one of them would come too late to take its part out again, and edges that hear the same in another order
 * would end up with different values.
 *
 * `writes` are sorted by writer, at most one of each; the clock has seen them all.
 */
export type Register = { readonly key: string; readonly clock: VectorClock; readonly writes: readonly Write[] };

/** A key that nobody has written. */
export function blank(key: string): Register {
  return Object.freeze({ key, clock: NEVER, writes: Object.freeze([]) });
}

/** The key after a write by somebody who had seen `before`: the write replaces all that was there. */
export function written(before: Register, write: Write): Register {
  const clock = shortened(withWrite(before.clock, write.by, write.number));
  return Object.freeze({ key: before.key, clock, writes: Object.freeze([write]) });
}

/**
 * What two have together: a write stays if both have it, or if the other has not seen it; one that the other has seen and
 * no longer has was replaced. Commutative, associative and idempotent. Returns `a` or `b` itself when that is the result.
 */
export function join(a: Register, b: Register): Register {
  if (a === b) return a;
  const writes = [...staying(a, b), ...staying(b, a).filter((write) => find(a, write) === undefined)];
  writes.sort((x, y) => compareText(x.by, y.by) || x.number - y.number);
  const result = { key: a.key, clock: joined(a.clock, b.clock), writes: Object.freeze(writes) };
  if (isSame(result, a)) return a;
  return isSame(result, b) ? b : Object.freeze(result);
}

function staying(mine: Register, other: Register): readonly Write[] {
  return mine.writes.flatMap((write) => {
    const twin = find(other, write);
    if (twin !== undefined) return [largerOf(write, twin)];
    return write.number > seenOf(other.clock, write.by) ? [write] : [];
  });
}

function find(register: Register, { by, number }: Write): Write | undefined {
  return register.writes.find((write) => write.by === by && write.number === number);
}

/** Two edges that go by one name may give one number to two values; all others agree on one of them. */
function largerOf(a: Write, b: Write): Write {
  if (a === b || (a.atMs === b.atMs && a.value === b.value)) return a;
  if (a.atMs !== b.atMs) return a.atMs > b.atMs ? a : b;
  return canonical(a.value) >= canonical(b.value) ? a : b;
}

/** Whether two registers say the same. */
export function isSame(a: Register, b: Register): boolean {
  return canonical(a) === canonical(b);
}
