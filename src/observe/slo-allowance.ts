/** The objectives that are published as promises, and how long a service may be down under each. */
export const PUBLISHED_OBJECTIVES: readonly number[] = [0.999, 0.9995, 0.9999, 0.99999];

/** A year of 365 days, as the published figures have it. */
export const YEAR_MS = 365 * 24 * 3_600_000;

/** How long a service may answer nothing in `periodMs` without breaking an objective, in milliseconds. */
export function allowedDownMs(objective: number, periodMs: number): number {
  // Rounded to the microsecond: 1 - 0.999 is 0.0010000000000000009.
  return Math.round((1 - objective) * periodMs * 1000) / 1000;
}

/** A length of time as the published table writes it: `8.76 h`, `52.56 min`, `25.92 s`. */
export function allowanceText(ms: number): string {
  const [unit, size] = UNITS.find(([, atLeastMs]) => Math.abs(ms) >= atLeastMs) ?? (['s', 1000] as const);
  return `${(ms / size).toFixed(2)} ${unit}`;
}

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
] as const;
