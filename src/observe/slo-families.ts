import { SLI } from '../table/worker-block.ts';
import type { Family, Sample } from './family.ts';
import type { SloKeeper } from './slo-keeper.ts';
import type { SloReport } from './slo-report.ts';

/** How well each service keeps its promise, for Prometheus: see config/prometheus/rules.yml. */
export function sloFamilies(keeper: Pick<SloKeeper, 'collect' | 'reports' | 'totals'>): readonly Family[] {
  // A report adds up days of every service: one for each scrape, made by the family that is read first.
  let made: readonly SloReport[] | undefined;
  const reports = () => (made ??= keeper.reports());
  const each = (value: (report: SloReport) => number) => (): readonly Sample[] =>
    reports().map((report) => ({ labels: { service: report.service }, value: value(report) }));
  return [
    {
      name: 'meridian_slo_requests_total',
      help: 'Client requests by service and by what they say of the objective; aborted and excluded ones say nothing.',
      type: 'counter',
      samples: () => {
        keeper.collect();
        made = undefined;
        return [...keeper.totals()].flatMap(([service, totals]) =>
          SLI.map((result) => ({ labels: { service, result }, value: totals[result] })),
        );
      },
    },
    {
      name: 'meridian_slo_objective',
      help: 'Share of requests that are to be answered well.',
      type: 'gauge',
      samples: each(({ objective }) => objective),
    },
    {
      name: 'meridian_slo_minimum_requests',
      help: 'Requests in the longer window below which burn rates alert nobody.',
      type: 'gauge',
      samples: each(({ minimumRequests }) => minimumRequests),
    },
    {
      name: 'meridian_slo_minimum_errors',
      help: 'Bad requests in the longer window below which burn rates alert nobody.',
      type: 'gauge',
      samples: each(({ minimumErrors }) => minimumErrors),
    },
    {
      name: 'meridian_slo_budget_left',
      help: 'Share of the error budget that is left, by what this edge has counted: 1 untouched, 0 used up, below overdrawn.',
      type: 'gauge',
      samples: each(({ budgetLeft }) => budgetLeft),
    },
    {
      name: 'meridian_slo_burn_rate',
      help: 'How many times faster than it lasts the error budget burns, by window and by what this edge has counted.',
      type: 'gauge',
      samples: () =>
        reports().flatMap(({ service, burnRates }) =>
          Object.entries(burnRates).map(([window, value]) => ({ labels: { service, window }, value })),
        ),
    },
  ];
}
