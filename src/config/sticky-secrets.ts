import { type Fault, type Kind, right } from './kind.ts';
import { secret } from './scalars.ts';

/** As many characters as a 128-bit key has in hexadecimal. */
export const SECRET_CHARS_MIN = 32;
const SECRETS_MAX = 8;
const EXPECTED = `a list of 1 to ${SECRETS_MAX} secrets, each of at least ${SECRET_CHARS_MIN} characters`;
const one = secret('a secret');

/** Secrets that sign, the newest first. No message shows any of them. */
export const stickySecrets: Kind<readonly string[]> = {
  expected: EXPECTED,
  json: { type: 'array', items: { type: 'string', minLength: SECRET_CHARS_MIN }, minItems: 1, maxItems: SECRETS_MAX },
  read(value) {
    if (!Array.isArray(value) || value.length === 0 || value.length > SECRETS_MAX) {
      return { ok: false, faults: [{ path: [], message: `must be ${EXPECTED} (what is there is not shown)` }] };
    }
    const faults = value.flatMap((item: unknown, index): Fault[] => {
      const read = one.read(item);
      if (!read.ok) return read.faults.map(({ message }) => ({ path: [index], message }));
      if (read.value.length < SECRET_CHARS_MIN) {
        const message = `must have at least ${SECRET_CHARS_MIN} characters; it has ${read.value.length} (not shown); make one with: openssl rand -hex 32`;
        return [{ path: [index], message }];
      }
      return value.indexOf(item) === index
        ? []
        : [{ path: [index], message: 'repeats another secret; remove one of them' }];
    });
    return faults.length > 0 ? { ok: false, faults } : right(value as readonly string[]);
  },
};
