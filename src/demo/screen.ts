import { curlLines } from './clients.ts';
import { availabilityText, elapsedText, msText, percentText } from './figures.ts';
import { LEGEND } from './keys.ts';
import { type Line, type Span, type Style, span } from './line.ts';
import type { DemoState, RegionState } from './state.ts';
import { availability } from './tally.ts';

export type Size = { readonly columns: number; readonly rows: number };

/** Fewer lines of news than this are not worth the commands above them. */
const NEWS_MIN = 4;
const NEWS_MAX = 16;
const BAR_MAX = 8;

/**
 * The whole view as lines, never more than `rows`: 80 columns and 24 rows show everything. With fewer rows the commands
 * to copy go first, then the news.
 */
export function screen(state: DemoState, { columns, rows }: Size): readonly Line[] {
  const head = titleLine(state);
  const curls = curlLines(state.url, columns).map((text) => [span(text)]);
  const table = [TABLE_HEAD, ...state.regions.map(regionLine)];
  const foot = footLines(state);
  const fixed = 1 + table.length + 2 + foot.length;
  const withCurls = rows >= fixed + curls.length + NEWS_MIN;
  const left = rows - fixed - (withCurls ? curls.length : 0);
  const count = Math.max(0, Math.min(NEWS_MAX, left));
  const lines = [
    head,
    ...(withCurls ? curls : []),
    ...table,
    edgeLine(state),
    trafficLine(state),
    ...newsLines(state, count),
    ...foot,
  ];
  return lines.slice(0, Math.max(0, rows));
}

const BLANK: Line = [];
const TABLE_HEAD: Line = [
  span('    region               share         origin   health         breaker   flight', 'dim'),
];

function titleLine({ url, adminUrl, elapsedMs, forMs }: DemoState): Line {
  const time = forMs === undefined ? elapsedText(elapsedMs) : `${elapsedText(elapsedMs)} of ${elapsedText(forMs)}`;
  return [span('Meridian demo', 'bold'), span(`  ${url}  admin ${adminUrl}  ${time}`)];
}

function regionLine({ id, origin, share, edge }: RegionState, index: number): Line {
  const bar = '█'.repeat(Math.max(share > 0 ? 1 : 0, Math.round(share * BAR_MAX)));
  const breaker = edge?.breaker ?? 'closed';
  const state = edge?.state ?? 'unknown';
  return [
    span(`  ${index + 1} ${id.padEnd(20)}${percentText(share).padStart(5)} ${bar.padEnd(BAR_MAX + 1)}`),
    span(origin.padEnd(9), origin === 'running' ? undefined : 'bad'),
    span(`${(edge?.health ?? 0).toFixed(2)} ${state.padEnd(10)}`, HEALTH_STYLE[state]),
    span(breaker.padEnd(10), breaker === 'closed' ? undefined : 'warn'),
    span(String(edge?.inFlight ?? 0).padStart(6)),
  ];
}

const HEALTH_STYLE: Readonly<Record<string, Style>> = {
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
  unknown: 'dim',
};

function edgeLine({ flow, failovers, clouds, regions }: DemoState): Line {
  const inFlight = regions.reduce((sum, { edge }) => sum + (edge?.inFlight ?? 0), 0);
  const moved = (['open', 'half-open'] as const).flatMap((state) => {
    const names = clouds.filter(({ breaker }) => breaker === state).map(({ cloud }) => cloud);
    return names.length === 0 ? [] : [`${names.join(',')} ${state}`];
  });
  return [
    span('edge', 'bold'),
    span(
      `     ${flow.requests} requests  ${flow.perSecond.toFixed(0)}/s  ${inFlight} in flight  ${failovers} failovers  `,
    ),
    moved.length === 0 ? span('clouds closed') : span(moved.join(' '), 'warn'),
  ];
}

function trafficLine({ traffic, recent }: DemoState): Line {
  return [
    span('clients', 'bold'),
    span(`  ${traffic.sent} sent  `),
    span(`${traffic.failed} failed`, traffic.failed === 0 ? 'good' : 'bad'),
    span(`  ${availabilityText(availability(traffic))} available`),
    span(`  p50 ${msText(recent.p50Ms)}  p99 ${msText(recent.p99Ms)}`),
  ];
}

/** Exactly `count` lines, so that what is below stays where it is. */
function newsLines({ news }: DemoState, count: number): readonly Line[] {
  const shown = count === 0 ? [] : news.slice(-count);
  const lines = shown.map(({ atMs, text }): Line => [span(elapsedText(atMs).padStart(6), 'dim'), span(` ${text}`)]);
  return [...lines, ...Array.from({ length: count - lines.length }, () => BLANK)];
}

function footLines({ mode }: DemoState): readonly Line[] {
  const legend: Span = span(LEGEND[mode], mode === 'hang' ? 'warn' : 'bold');
  return [[legend], [span('from a second terminal: npm run demo -- kill gcp/europe-west1 (or revive, hang)', 'dim')]];
}
