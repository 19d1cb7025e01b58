import { type Kind, mustBe, right, wrong } from './kind.ts';

const PATTERN = /^(\d+(?:\.\d+)?)%$/;
const EXPECTED = 'a share from 0 to 1, such as 0.2 or 20%';

/** A share of a whole, 0 to 1, written as a number or as a percentage. */
export const share: Kind<number> = {
  expected: EXPECTED,
  json: {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', pattern: PATTERN.source },
    ],
  },
  read(value) {
    const parsed = typeof value === 'string' ? parsePercent(value) : value;
    if (typeof parsed !== 'number') return wrong(mustBe(EXPECTED, value));
    if (parsed >= 0 && parsed <= 1) return right(parsed);
    const hint = typeof value === 'number' && value > 1 && value <= 100 ? `; did you mean ${value}%?` : '';
    return wrong(mustBe(EXPECTED, value) + hint);
  },
};

/** A load as a share of what something is built for, 0.1 to 3, written as a number or as a percentage. */
export const loadShare: Kind<number> = {
  expected: 'a share from 0.1 to 3, such as 0.9 or 90%',
  json: {
    anyOf: [
      { type: 'number', minimum: 0.1, maximum: 3 },
      { type: 'string', pattern: PATTERN.source },
    ],
  },
  read(value) {
    const parsed = typeof value === 'string' ? parsePercent(value) : value;
    const fits = typeof parsed === 'number' && parsed >= 0.1 && parsed <= 3;
    return fits ? right(parsed) : wrong(mustBe('a share from 0.1 to 3, such as 0.9 or 90%', value));
  },
};

/** The share that a percentage such as `10%` is; undefined when it is none. */
export function parsePercent(text: string): number | undefined {
  const match = PATTERN.exec(text);
  // Dividing the digits, not multiplying by 0.01, keeps 7% the double that 0.07 is.
  return match === null ? undefined : Number((Number(match[1]) / 100).toPrecision(15));
}
