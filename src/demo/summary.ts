import type { EdgeStatus } from './edge-status.ts';
import { availabilityText, elapsedText, msText, percentText } from './figures.ts';
import { availability, type Quantiles, type TrafficCounts } from './tally.ts';

export type Totals = {
  readonly elapsedMs: number;
  readonly traffic: TrafficCounts;
  readonly overall: Quantiles;
  readonly failovers: number;
  readonly endpoints: EdgeStatus['endpoints'];
};

/** What the demo says when it ends. */
export function summary({ elapsedMs, traffic, overall, failovers, endpoints }: Totals): string {
  const total = endpoints.reduce((sum, { requests }) => sum + requests, 0);
  const heldBack = traffic.heldBack === 0 ? '' : `, ${traffic.heldBack} held back (too many in flight)`;
  const lines = [
    `The demo ran ${elapsedText(elapsedMs)}.`,
    `  requests      ${traffic.sent} of its own clients, ${traffic.failed} failed${heldBack}`,
    `  availability  ${availabilityText(availability(traffic))}`,
    `  took          p50 ${msText(overall.p50Ms)}, p99 ${msText(overall.p99Ms)}`,
    `  failovers     ${failovers}`,
    `  the edge answered ${total} requests from:`,
    ...endpoints.map(({ cloud, region, requests }) => {
      const share = total === 0 ? 0 : requests / total;
      return `    ${`${cloud}/${region}`.padEnd(20)} ${String(requests).padStart(7)} ${percentText(share).padStart(5)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}
