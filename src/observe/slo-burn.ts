import type { SloPolicy } from '../config/topology.ts';
import type { Severity } from './alert.ts';
import type { Counts } from './slo-ring.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A window that burn rates are taken over. */
export type Window = { readonly name: string; readonly ms: number };

const [M5, M30, H1, H2, H6, H24, D3] = [
  { name: '5m', ms: 5 * MINUTE_MS },
  { name: '30m', ms: 30 * MINUTE_MS },
  { name: '1h', ms: HOUR_MS },
  { name: '2h', ms: 2 * HOUR_MS },
  { name: '6h', ms: 6 * HOUR_MS },
  { name: '24h', ms: 24 * HOUR_MS },
  { name: '3d', ms: 72 * HOUR_MS },
] as const;

export const WINDOWS: readonly Window[] = [M5, M30, H1, H2, H6, H24, D3];

/** Both windows must burn this many times faster than the budget lasts. */
export type BurnPair = {
  readonly long: Window;
  readonly short: Window;
  readonly factor: number;
  readonly severity: Severity;
};

/**
 * The four pairs of Google's SRE Workbook, "Alerting on SLOs", for a budget of 30 days: 2 % of it gone in an hour, 5 % in
 * six hours, 10 % in a day, 10 % in three. The short window, a twelfth of the long one, lets the alert end soon after the
 * trouble has.
 */
export const BURN_PAIRS: readonly BurnPair[] = [
  { long: H1, short: M5, factor: 14.4, severity: 'critical' },
  { long: H6, short: M30, factor: 6, severity: 'critical' },
  { long: H24, short: H2, factor: 3, severity: 'warning' },
  { long: D3, short: H6, factor: 1, severity: 'warning' },
];

/** How many times faster than the budget lasts it burns; 0 without traffic. */
export function burnRate({ good, bad }: Counts, objective: number): number {
  const all = good + bad;
  return all === 0 ? 0 : bad / all / (1 - objective);
}

/** Whether a pair is to be alerted on. Too little traffic, or too few errors, say nothing. */
export function isBurning(pair: BurnPair, policy: SloPolicy, long: Counts, short: Counts): boolean {
  if (long.good + long.bad < policy.minimumRequests || long.bad < policy.minimumErrors) return false;
  return (
    burnRate(long, policy.objective) >= pair.factor && burnRate(short, policy.objective) >= pair.factor && short.bad > 0
  );
}

/** Share of the error budget that is left: 1 untouched, 0 used up, below 0 overdrawn. Without traffic it is untouched. */
export function budgetLeft({ good, bad }: Counts, objective: number): number {
  const all = good + bad;
  return all === 0 ? 1 : 1 - bad / (all * (1 - objective));
}
