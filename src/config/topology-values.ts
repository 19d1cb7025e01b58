/** How two values of a key are brought together that were written without having heard of each other. */
export const VALUE_MERGES = ['newest', 'counter', 'union', 'lowest', 'highest'] as const;
export type ValueMerge = (typeof VALUE_MERGES)[number];

/** `eventual`: one region has it, the others follow. `strong`: most regions agree on it. */
export const CONSISTENCIES = ['eventual', 'strong'] as const;
export type Consistency = (typeof CONSISTENCIES)[number];

/** With fewer regions, one store that loses its memory would be all of those that knew, or none could do without the other. */
export const STRONG_REGIONS_MIN = 3;

/** What the YAML says about values that users keep in the fleet. */
export type ValueSettings = {
  /** By the prefix of the keys; the longest that fits is used, and `newest` where none does. */
  readonly merges: Readonly<Record<string, ValueMerge>>;
  /** Likewise; `eventual` where none fits. */
  readonly consistency: Readonly<Record<string, Consistency>>;
  /** Keys, those included that are deleted and not forgotten yet. */
  readonly keysMax: number;
  /** Bytes of all keys and values together. */
  readonly bytesMax: number;
  /** Writes that one edge takes in a second. */
  readonly writesPerSecondMax: number;
  /** How long a deletion is remembered. */
  readonly tombstoneMs: number;
};

/** A key that users write under: parts with a `/` between them. */
export const KEY_FORM = /^[A-Za-z0-9][\w.~:@-]*(?:\/[\w.~:@-]+)*$/;
export const USER_KEY_CHARS_MAX = 200;

/** What holds without a `fleet` block. */
export const DEFAULT_VALUES: ValueSettings = {
  merges: {},
  consistency: {},
  keysMax: 1000,
  bytesMax: 1024 * 1024,
  writesPerSecondMax: 50,
  tombstoneMs: 24 * 60 * 60 * 1000,
};

/** What the longest prefix of a key says; undefined when none fits. */
export function byPrefix<T>(key: string, all: Readonly<Record<string, T>>): T | undefined {
  const prefixes = Object.keys(all).filter((prefix) => key.startsWith(prefix));
  const longest = prefixes.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : all[longest];
}
