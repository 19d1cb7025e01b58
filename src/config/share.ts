import { type Kind, mustBe, right, wrong } from './kind.ts';

const PATTERN = /^(\d+(?:\.\d+)?)%$/;

/** A share of a whole, 0 to 1, written as a number or as a percentage. */
export const share: Kind<number> = shareFrom(0, 1, 'such as 0.2 or 20%');

/** A load as a share of what something is built for, 0.1 to 3, written as a number or as a percentage. */
export const loadShare: Kind<number> = shareFrom(0.1, 3, 'such as 0.9 or 90%');

function shareFrom(min: number, max: number, example: string): Kind<number> {
  const expected = `a share from ${min} to ${max}, ${example}`;
  return {
    expected,
    json: {
      anyOf: [
        { type: 'number', minimum: min, maximum: max },
        { type: 'string', pattern: PATTERN.source },
      ],
    },
    read(value) {
      const parsed = typeof value === 'string' ? parsePercent(value) : value;
      if (typeof parsed === 'number' && parsed >= min && parsed <= max) return right(parsed);
      const isPercent = typeof value === 'number' && value > max && value >= min * 100 && value <= max * 100;
      return wrong(mustBe(expected, value) + (isPercent ? `; did you mean ${value}%?` : ''));
    },
  };
}

/** The share that a percentage such as `10%` is; undefined when it is none. */
export function parsePercent(text: string): number | undefined {
  const match = PATTERN.exec(text);
  // Dividing the digits, not multiplying by 0.01, keeps 7% the double that 0.07 is.
  return match === null ? undefined : Number((Number(match[1]) / 100).toPrecision(15));
}

/** A share as people read it, `12.5 %`, with at most so many digits behind the point. */
export function shareText(share: number, digits = 1): string {
  return `${Number((share * 100).toFixed(digits))} %`;
}
