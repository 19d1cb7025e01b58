import { compareText } from '../config/compare-text.ts';
import { canonical } from './canonical.ts';
import type { Merge, SharedRecord, SharedValue } from './fleet.ts';
import { type Override, type OverrideEntry, overrideOf } from './override.ts';

/**
 * What becomes of two things that operators said at edges which could not hear each other: at every moment the safer one
 * holds. Both words are kept, less those that another one makes idle by being as safe and lasting as long; so a weight of 0.1
 * for an hour beside one of 0.5 forever is 0.1 for that hour and 0.5 after it. What lifts is idle beside anything that does
 * not. For a drain this comes to: drained beats served, longer beats shorter.
 *
 * Union without what is idle is commutative, associative and idempotent. There are never more words than edges that wrote
 * at the same time, and the next order that has heard of them replaces them all.
 */
export const mergeOverrides: Merge = (a, b) => {
  const [one, other] = [overrideOf(a), overrideOf(b)];
  if (one === undefined || other === undefined) return readable(a, b, one, other);
  return { kind: one.kind, scope: one.scope, said: withoutIdle([...one.said, ...other.said]) } satisfies Override;
};

/** What cannot be read gives way to what can; of two such values the greater text is taken, for want of anything better. */
function readable(a: SharedRecord, b: SharedRecord, one?: Override, other?: Override): SharedValue {
  if (one !== undefined) return a.value;
  if (other !== undefined) return b.value;
  return canonical(a.value) >= canonical(b.value) ? a.value : b.value;
}

function withoutIdle(said: readonly OverrideEntry[]): readonly OverrideEntry[] {
  const kept: OverrideEntry[] = [];
  let lastsMs = Number.NEGATIVE_INFINITY;
  for (const one of said.toSorted(safestFirst)) {
    if (kept.length > 0 && endOf(one) <= lastsMs) continue;
    kept.push(one);
    lastsMs = endOf(one);
  }
  return kept;
}

/** The lowest level first; at one level the longest; then the latest, so that the last reason given is the one shown. */
function safestFirst(a: OverrideEntry, b: OverrideEntry): number {
  return (
    levelOf(a) - levelOf(b) ||
    difference(endOf(b), endOf(a)) ||
    b.setAtMs - a.setAtMs ||
    compareText(canonical(b), canonical(a))
  );
}

/** Lifting is as unsafe as can be, and over as soon as anything else was said. */
function levelOf({ level }: OverrideEntry): number {
  return level ?? Number.MAX_VALUE;
}

function endOf({ level, untilMs }: OverrideEntry): number {
  return level === null ? Number.NEGATIVE_INFINITY : (untilMs ?? Number.POSITIVE_INFINITY);
}

/** Infinities that are equal have no difference. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
