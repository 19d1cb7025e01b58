import { type Fault, type Kind, mustBe, right } from './kind.ts';
import { isMapping } from './raw.ts';
import { matching } from './scalars.ts';

/** Sets that one service may be split into. */
export const SETS_MAX = 32;

/** The name of a set of endpoints. */
export const SET_NAME = matching('lower-case letters, digits, "_" and "-", at most 32', /^[a-z0-9][a-z0-9_-]{0,31}$/);

const EXPECTED = 'a mapping of sets of endpoints to their parts, such as { stable: 95, canary: 5 }';
const PART = 'a number from 0 to 1000000';

/** How requests are shared out among sets: only how the parts stand to each other counts. */
export const split: Kind<Readonly<Record<string, number>>> = {
  expected: EXPECTED,
  json: { type: 'object', minProperties: 1, additionalProperties: { type: 'number', minimum: 0, maximum: 1_000_000 } },
  read(value) {
    if (!isMapping(value) || Object.keys(value).length === 0) {
      return { ok: false, faults: [{ path: [], message: mustBe(EXPECTED, value) }] };
    }
    const faults = Object.entries(value).flatMap(([name, part]): Fault[] => {
      const named = SET_NAME.read(name);
      if (!named.ok)
        return [{ path: [name], message: `is no name of a set: it ${named.faults[0]?.message}`, part: 'key' }];
      const good = typeof part === 'number' && part >= 0 && part <= 1_000_000;
      return good ? [] : [{ path: [name], message: mustBe(PART, part) }];
    });
    return faults.length > 0 ? { ok: false, faults } : right(value as Readonly<Record<string, number>>);
  },
};
