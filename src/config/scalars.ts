import { type Kind, mustBe, right, shown, wrong } from './kind.ts';
import { didYouMean } from './suggest.ts';

/** No text in a configuration needs to be longer; a path is at most 4,096 on Linux. */
const TEXT_MAX = 4096;

/** Any text that is not empty. */
export function text(expected: string): Kind<string> {
  return {
    expected,
    json: { type: 'string', minLength: 1 },
    read(value) {
      if (typeof value !== 'string' || value.trim() === '') return wrong(mustBe(expected, value) + quoteHint(value));
      return value.length <= TEXT_MAX ? right(value) : wrong(`must be at most ${TEXT_MAX} characters long`);
    },
  };
}

/** A text that no message ever shows; it may be empty. */
export function secret(expected: string): Kind<string> {
  return {
    expected,
    json: { type: 'string' },
    read(value) {
      if (typeof value !== 'string') return wrong(`must be ${expected}; put it in quotes (its value is not shown)`);
      if (value.length > TEXT_MAX) return wrong(`must be at most ${TEXT_MAX} characters long`);
      // It travels in a header, so what a header cannot carry could never match.
      return /^[\x21-\x7e]*$/.test(value)
        ? right(value)
        : wrong('may have no spaces and only visible ASCII characters');
    },
  };
}

/** A text of a given form, for names and paths. */
export function matching(expected: string, pattern: RegExp): Kind<string> {
  return {
    expected,
    json: { type: 'string', pattern: pattern.source },
    read(value) {
      if (typeof value === 'string' && pattern.test(value)) return right(value);
      return wrong(mustBe(expected, value) + quoteHint(value));
    },
  };
}

/** A whole number within bounds, both included. */
export function integer(min: number, max: number): Kind<number> {
  const expected = `a whole number from ${min} to ${max}`;
  return {
    expected,
    json: { type: 'integer', minimum: min, maximum: max },
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? right(value)
        : wrong(mustBe(expected, value) + unquoteHint(value)),
  };
}

/** A number within bounds, both included. */
export function decimal(min: number, max: number): Kind<number> {
  const expected = `a number from ${min} to ${max}`;
  return {
    expected,
    json: { type: 'number', minimum: min, maximum: max },
    read: (value) =>
      typeof value === 'number' && value >= min && value <= max
        ? right(value)
        : wrong(mustBe(expected, value) + unquoteHint(value)),
  };
}

/** `true` or `false`. */
export const flag: Kind<boolean> = {
  expected: 'true or false',
  json: { type: 'boolean' },
  read(value) {
    if (typeof value === 'boolean') return right(value);
    const meant = /^(?:yes|on|y)$/i.test(String(value)) ? 'true' : /^(?:no|off|n)$/i.test(String(value)) ? 'false' : '';
    return wrong(mustBe('true or false', value) + (meant === '' ? '' : `; did you mean ${meant}?`));
  },
};

/** One of a few words; `alsoCalled` maps words that people write instead to the right one. */
export function oneOf<const T extends string>(
  words: readonly T[],
  alsoCalled: Readonly<Record<string, T>> = {},
): Kind<T> {
  const expected = words.length === 1 ? `${words[0]}` : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return {
    expected,
    json: { type: 'string', enum: [...words] },
    read(value) {
      const word = words.find((candidate) => candidate === value);
      if (word !== undefined) return right(word);
      if (typeof value !== 'string') return wrong(mustBe(expected, value));
      const other = new Map(Object.entries(alsoCalled)).get(value.toLowerCase());
      const hint = other === undefined ? didYouMean(value, words) : `; did you mean "${other}"?`;
      return wrong(mustBe(expected, value) + hint);
    },
  };
}

/** One kind or another: the first that can read the value wins; the message names them all. */
export function either<A, B>(first: Kind<A>, second: Kind<B>): Kind<A | B> {
  const expected = `${first.expected}, or ${second.expected}`;
  return {
    expected,
    json: { anyOf: [first.json, second.json] },
    read(value) {
      const one = first.read(value);
      if (one.ok) return one;
      const two = second.read(value);
      if (two.ok) return two;
      // A list was meant to be the kind that is one, and that kind knows which of its items is wrong.
      if (Array.isArray(value) && second.json['type'] === 'array') return two;
      return wrong(mustBe(expected, value));
    },
  };
}

/** A list of values of one kind, each at its own place, without repeats. */
export function listOf<T>(item: Kind<T>, min: number, max: number): Kind<readonly T[]> {
  const expected = `a list of at most ${max}, each ${item.expected}`;
  return {
    expected,
    json: { type: 'array', items: item.json, minItems: min, maxItems: max, uniqueItems: true },
    read(value) {
      if (!Array.isArray(value)) {
        return wrong(
          mustBe(expected, value) + (value === null ? '' : `; write [${shown(value).replace(/^the \w+ /, '')}]`),
        );
      }
      if (value.length < min) return wrong(`must have at least ${min}; it has ${value.length}`);
      if (value.length > max) return wrong(`may have at most ${max}; it has ${value.length}`);
      return readItems(item, value);
    },
  };
}

function readItems<T>(item: Kind<T>, values: readonly unknown[]): ReturnType<Kind<readonly T[]>['read']> {
  const reads = values.map((value) => item.read(value));
  const seen = new Set<string>();
  const faults = reads.flatMap((read, index) => {
    if (!read.ok) return read.faults.map((fault) => ({ ...fault, path: [index, ...fault.path] }));
    const key = JSON.stringify(read.value);
    const message = `repeats ${shown(values[index])}; remove one of them`;
    return seen.size === seen.add(key).size ? [{ path: [index], message }] : [];
  });
  return faults.length > 0 ? { ok: false, faults } : right(reads.flatMap((read) => (read.ok ? [read.value] : [])));
}

function quoteHint(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? '; put it in quotes' : '';
}

function unquoteHint(value: unknown): string {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? '; write it without quotes' : '';
}
