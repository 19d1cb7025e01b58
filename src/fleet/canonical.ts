import { compareText } from '../config/compare-text.ts';

/** The JSON text of a value with the keys of every object in order: equal values have equal texts, on every edge. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => compareText(a, b)));
  });
}
