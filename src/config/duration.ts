import { type Kind, mustBe, right, wrong } from './kind.ts';

/** The least and greatest length that a key accepts, both included, written as in the file. */
export type DurationBounds = { readonly min: string; readonly max: string };

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const PATTERN = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
const EXPECTED = 'a duration such as 250ms, 10s, 1m or 1h';

/** Milliseconds of `250ms`, `10s`, `1m30s`, `1.5h`; undefined when it is not a duration or not whole milliseconds. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 32 || !PATTERN.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) {
    sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  }
  const ms = Math.round(sum);
  return Math.abs(sum - ms) < 1e-6 && Number.isSafeInteger(ms) ? ms : undefined;
}

/** A length of time within bounds, in milliseconds. */
export function duration(bounds: DurationBounds): Kind<number> {
  const minMs = parseDuration(bounds.min) ?? 0;
  const maxMs = parseDuration(bounds.max) ?? 0;
  const expected = `${EXPECTED} (${bounds.min} to ${bounds.max})`;
  return {
    expected,
    json: { type: 'string', pattern: PATTERN.source },
    read(value) {
      if (typeof value === 'number') return wrong(`${mustBe(EXPECTED, value)}; say in which unit, as in ${value}s`);
      const ms = typeof value === 'string' ? parseDuration(value) : undefined;
      if (ms === undefined) return wrong(mustBe(expected, value));
      if (ms < minMs || ms > maxMs) return wrong(`must be from ${bounds.min} to ${bounds.max}; it is ${String(value)}`);
      return right(ms);
    },
  };
}

/** Milliseconds as one would write them: `10s`, `1m`, `1500ms`. */
export function durationText(ms: number): string {
  for (const unit of ['h', 'm', 's']) {
    const size = UNIT_MS[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return ms === 0 ? '0s' : `${ms}ms`;
}
