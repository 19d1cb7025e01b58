import { elapsedText, msText, percentText } from './figures.ts';
import { printable } from './line.ts';
import type { NewsItem } from './news.ts';
import type { DemoState, RegionState } from './state.ts';

/** The same view as one line, for a log or a pipe. `fresh` is what happened since the line before. */
export function plainLine(state: DemoState, fresh: readonly NewsItem[]): string {
  const { flow, traffic, recent, regions, clouds, failovers, elapsedMs } = state;
  const inFlight = regions.reduce((sum, { edge }) => sum + (edge?.inFlight ?? 0), 0);
  const open = clouds.filter(({ breaker }) => breaker !== 'closed');
  const parts = [
    `${elapsedText(elapsedMs).padStart(5)}  ${flow.requests} requests, ${flow.perSecond.toFixed(0)}/s, ${inFlight} in flight, ${failovers} failovers`,
    `clients ${traffic.sent} sent, ${traffic.failed} failed, p50 ${msText(recent.p50Ms)}, p99 ${msText(recent.p99Ms)}`,
    regions.map(regionWords).join(', '),
    ...open.map(({ cloud, breaker }) => `breaker of ${cloud} ${breaker}`),
    ...fresh.map(({ text }) => printable(text)),
  ];
  return parts.join(' | ');
}

function regionWords({ id, share, origin, edge }: RegionState): string {
  const parts = [id, percentText(share), `${edge?.state ?? 'unknown'} ${(edge?.health ?? 0).toFixed(2)}`];
  if (edge !== undefined && edge.breaker !== 'closed') parts.push(`breaker ${edge.breaker}`);
  if (origin !== 'running') parts.push(`(${origin})`);
  return parts.join(' ');
}
