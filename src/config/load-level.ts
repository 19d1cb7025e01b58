import { type Kind, mustBe, right, wrong } from './kind.ts';
import { parsePercent } from './share.ts';

/** Beyond three times its capacity an endpoint is full anyway. */
const LEVEL_MAX = 3;
const EXPECTED = 'a part of the capacity from 1% to 300%, such as 85% or 0.85, or off';

/** How much of its capacity an endpoint has in flight, as a number; `off` is no level at all. */
export const loadLevel: Kind<number | 'off'> = {
  expected: EXPECTED,
  json: {
    anyOf: [
      { const: 'off' },
      { type: 'number', minimum: 0.01, maximum: LEVEL_MAX },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?%$' },
    ],
  },
  read(value) {
    // An old reader of YAML makes a boolean of it.
    if (value === 'off' || value === false) return right('off');
    const parsed = levelOf(value);
    if (parsed !== undefined && parsed >= 0.01 && parsed <= LEVEL_MAX) return right(parsed);
    const hint = typeof value === 'number' && value > LEVEL_MAX && value <= 300 ? `; did you mean ${value}%?` : '';
    return wrong(mustBe(EXPECTED, value) + hint);
  },
};

/** The level that a value of a file stands for; undefined for `off` and for what is none. */
export function levelOf(value: unknown): number | undefined {
  const parsed = typeof value === 'string' ? parsePercent(value) : value;
  return typeof parsed === 'number' ? parsed : undefined;
}
