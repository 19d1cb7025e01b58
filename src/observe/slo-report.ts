import type { SloPolicy } from '../config/topology.ts';
import type { Severity } from './alert.ts';
import { BURN_PAIRS, budgetLeft, burnRate, isBurning, WINDOWS } from './slo-burn.ts';
import type { Counts } from './slo-ring.ts';

/** How a service does against its objective. Rates are multiples of what the budget lasts for; see slo-burn.ts. */
export type SloReport = {
  readonly service: string;
  readonly objective: number;
  /** Counted over the budget's window, as far back as this edge remembers. */
  readonly windowMs: number;
  readonly good: number;
  readonly bad: number;
  /** Share answered well; 1 without traffic. */
  readonly sli: number;
  readonly budgetLeft: number;
  readonly minimumRequests: number;
  readonly minimumErrors: number;
  /** Burn rate by the name of the window. */
  readonly burnRates: Readonly<Record<string, number>>;
  readonly burning: readonly Burn[];
};

/** A pair of windows that both burn too fast. */
export type Burn = {
  readonly long: string;
  readonly short: string;
  readonly factor: number;
  readonly severity: Severity;
};

/** The report of a service; `over` gives its counts of the last so many milliseconds. */
export function sloReport(service: string, policy: SloPolicy, over: (windowMs: number) => Counts): SloReport {
  const { objective, windowMs, minimumRequests, minimumErrors } = policy;
  const all = over(windowMs);
  const burning = BURN_PAIRS.filter((pair) => isBurning(pair, policy, over(pair.long.ms), over(pair.short.ms)));
  return {
    service,
    objective,
    windowMs,
    good: Math.round(all.good),
    bad: Math.round(all.bad),
    sli: all.good + all.bad === 0 ? 1 : all.good / (all.good + all.bad),
    budgetLeft: budgetLeft(all, objective),
    minimumRequests,
    minimumErrors,
    burnRates: Object.fromEntries(WINDOWS.map(({ name, ms }) => [name, burnRate(over(ms), objective)])),
    burning: burning.map(({ long, short, factor, severity }) => ({
      long: long.name,
      short: short.name,
      factor,
      severity,
    })),
  };
}
