import { KEY_FORM, USER_KEY_CHARS_MAX, type ValueMerge } from '../../config/topology-values.ts';
import type { SharedValue } from '../fleet.ts';
import { elements } from './value-merge.ts';
import { type Counts, sumOf, type ValueRecord, written } from './value-record.ts';

/** Bytes of a value, as JSON. */
export const USER_VALUE_BYTES_MAX = 8 * 1024;

/** What is wrong with a key, in words; undefined when nothing is. */
export function keyProblem(key: string): string | undefined {
  if (key.length > USER_KEY_CHARS_MAX)
    return `the key has ${key.length} characters; at most ${USER_KEY_CHARS_MAX} are kept`;
  if (KEY_FORM.test(key)) return undefined;
  return `"${key}" is no key: it is parts of letters, digits and . _ ~ : @ - with a / between them, such as flags/beta-on`;
}

/** What is wrong with a value for keys of this merge; undefined when nothing is. */
export function valueProblem(value: unknown, merge: ValueMerge): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > USER_VALUE_BYTES_MAX) return `the value has ${bytes} bytes; at most ${USER_VALUE_BYTES_MAX} are kept`;
  switch (merge) {
    case 'counter':
      return isNumber(value) || isNumber(added(value)) ? undefined : 'a counter takes a number, or {"add": NUMBER}';
    case 'union':
      return Array.isArray(value) ? undefined : 'a set takes a list, such as ["a", "b"]';
    case 'lowest':
    case 'highest':
      return isNumber(value) ? undefined : `a value of which the ${merge} is kept is a number`;
    case 'newest':
      return undefined;
    default:
      return merge satisfies never;
  }
}

/**
 * The record that an order makes of the one before. `life` names this life of this edge: a counter counts what each life has
 * added, so that what it added in an earlier life, and may not have heard of again, is not counted twice or lost.
 */
export function ordered(
  value: unknown,
  { merge, before, actor, life }: { merge: ValueMerge; before: ValueRecord | undefined; actor: string; life: string },
): SharedValue {
  if (value === undefined) return written({ actor });
  if (merge === 'union') return written({ value: elements(value as readonly unknown[]), actor });
  if (merge !== 'counter') return written({ value, actor });
  const counts = before?.counts ?? {};
  const by = isNumber(value) ? value - sumOf(counts) : (added(value) as number);
  return written({ counts: counted(counts, life, by), actor });
}

function counted(counts: Counts, life: string, by: number): Counts {
  const [plus, minus] = counts[life] ?? [0, 0];
  return { ...counts, [life]: by >= 0 ? [plus + by, minus] : [plus, minus - by] };
}

function added(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'add' in value ? value.add : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
