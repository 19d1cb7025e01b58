import type { Path } from './problem.ts';

/** What is wrong at a path; the message says how to put it right. `part` is whether the value is meant or its key. */
export type Fault = { readonly path: Path; readonly message: string; readonly part?: 'key' };

/** A value as the topology has it, or every fault found in it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * A kind of value that a key may have: how to read it, what to call it in a message, and what it is in JSON Schema.
 * Kinds know nothing of the library that walks the file, nor of where in the file they are used.
 */
export type Kind<T> = {
  /** Completes the sentence "must be …". */
  readonly expected: string;
  readonly read: (value: unknown) => Read<T>;
  readonly json: Readonly<Record<string, unknown>>;
};

/** A kind of text that a rule of its own reads; anything that is no text is refused by what it must be. `json` is what JSON Schema can say of it. */
export function textKind<T>(expected: string, json: Kind<T>['json'], read: (text: string) => Read<T>): Kind<T> {
  return {
    expected,
    json: { type: 'string', ...json },
    read: (value) => (typeof value === 'string' ? read(value) : wrong(mustBe(expected, value))),
  };
}

/** Texts in messages are cut at this length. */
const SHOWN_MAX = 80;

/** The value was understood. */
export function right<T>(value: T): Read<T> {
  return { ok: true, value };
}

/** The value cannot be read, for this reason. */
export function wrong(message: string): { readonly ok: false; readonly faults: readonly Fault[] } {
  return { ok: false, faults: [{ path: [], message }] };
}

/** The commonest message: what the value must be, and what it is. */
export function mustBe(expected: string, value: unknown): string {
  if (value === undefined) return `is missing; it must be ${expected}`;
  if (value === null) return `is empty; it must be ${expected}, or remove the key`;
  return `must be ${expected}; it is ${shown(value)}`;
}

/** A value as a message shows it: short, quoted, and never a whole list or mapping. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (typeof value !== 'string') return `a ${typeof value}`;
  return value.length <= SHOWN_MAX ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, SHOWN_MAX))} and more`;
}
