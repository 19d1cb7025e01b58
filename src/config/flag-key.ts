import type { Kind } from './kind.ts';
import { mustBe, right, wrong } from './kind.ts';
import { KEY_FORM, USER_KEY_CHARS_MAX } from './topology-values.ts';

const EXPECTED = 'the key of a value of the fleet, such as flags/freeze, or its name alone for one under flags/';

/** Where a flag is that is named without a `/`. */
const FLAGS_PREFIX = 'flags/';

/** A flag: the key of a value. One that has no `/` is under `flags/`. */
export const flagKey: Kind<string> = {
  expected: EXPECTED,
  json: { type: 'string', pattern: KEY_FORM.source, maxLength: USER_KEY_CHARS_MAX },
  read(value) {
    if (typeof value !== 'string' || value.length > USER_KEY_CHARS_MAX - FLAGS_PREFIX.length || !KEY_FORM.test(value)) {
      return wrong(mustBe(EXPECTED, value));
    }
    return right(value.includes('/') ? value : `${FLAGS_PREFIX}${value}`);
  },
};
