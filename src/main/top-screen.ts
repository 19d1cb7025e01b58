import { elapsedText, msText, percentText } from '../demo/figures.ts';
import { type Line, type Span, span } from '../demo/line.ts';
import { breakerCell, cloudText, type EdgeView, orderText, stateCell } from './edge-view.ts';
import { type Cell, tableLines } from './text-table.ts';
import type { Flow } from './top-flow.ts';

/** Everything that `top` shows, at one moment. */
export type TopState = {
  readonly url: string;
  readonly elapsedMs: number;
  /** Undefined until the edge has answered once. */
  readonly view: EdgeView | undefined;
  /** By endpoint; of all together under the empty name. */
  readonly flows: ReadonlyMap<string, Flow>;
  /** What fires, in words, with what is worst first. */
  readonly alerts: readonly { readonly critical: boolean; readonly text: string }[];
  /** Names of experiments that run. */
  readonly experiments: readonly string[];
  /** Why the last reading failed. */
  readonly trouble: string | undefined;
};

const ALERTS_MAX = 4;
const BAR_MAX = 8;
const HEAD = ['', 'share', '', 'req/s', 'err/s', 'state', 'health', 'latency', 'breaker', 'flight', 'of', ''];
const FIGURES = [1, 3, 4, 6, 7, 9, 10];
const NO_FLOW: Flow = { perSecond: 0, errorsPerSecond: 0, share: 0 };

/** The whole view as lines, never more than `rows`; endpoints that have no room are counted. */
export function topScreen(state: TopState, { rows }: { readonly rows: number }): readonly Line[] {
  const { view } = state;
  const head = [titleLine(state), ...(view === undefined ? [] : sumLines(state, view)), ...troubleLines(state)];
  const alerts = state.alerts
    .slice(0, ALERTS_MAX)
    .map(({ critical, text }): Line => [span('alert  ', critical ? 'bad' : 'warn'), span(text)]);
  const foot: readonly Line[] = [[span('q quit', 'bold')]];
  const table = view === undefined ? [] : endpointLines(state, view);
  const room = Math.max(0, rows - head.length - alerts.length - foot.length - 1);
  const left = table.length - room;
  const shown: readonly Line[] =
    left > 0 ? [...table.slice(0, Math.max(0, room - 1)), [span(`and ${left + 1} more endpoints`, 'dim')]] : table;
  return [...head, ...alerts, [], ...shown, ...foot].slice(0, Math.max(0, rows));
}

/** The same as one line, for a log or a pipe. */
export function topLine(state: TopState): string {
  const { view, flows, alerts, experiments, trouble } = state;
  const all = flows.get('') ?? NO_FLOW;
  const parts = [
    `${elapsedText(state.elapsedMs).padStart(5)}  ${all.perSecond.toFixed(0)}/s, ${all.errorsPerSecond.toFixed(1)} errors/s`,
    ...(trouble === undefined ? [] : [trouble.split('\n', 1)[0] as string]),
    ...(view === undefined ? [] : [wellText(view), ...cloudText(view.status).map((cloud) => `breaker of ${cloud}`)]),
    ...(view?.status.endpoints ?? [])
      .filter(({ state: of, breaker }) => of !== 'healthy' || breaker !== 'closed')
      .map(({ id, state: of, breaker }) => `${id} ${of}${breaker === 'closed' ? '' : `, breaker ${breaker}`}`),
    ...experiments.map((name) => `experiment ${name}`),
    ...alerts.map(({ text }) => `alert: ${text}`),
  ];
  return parts.join(' | ');
}

function titleLine({ url, elapsedMs, view }: TopState): Line {
  const edge =
    view === undefined ? '' : `  edge ${view.edge.id}${view.edge.region === '' ? '' : ` in ${view.edge.region}`}`;
  return [span('Meridian', 'bold'), span(`${edge}  admin ${url}  ${elapsedText(elapsedMs)}`)];
}

function sumLines({ flows, experiments }: TopState, view: EdgeView): readonly Line[] {
  const all = flows.get('') ?? NO_FLOW;
  const inFlight = view.status.endpoints.reduce((sum, endpoint) => sum + endpoint.inFlight, 0);
  const clouds = cloudText(view.status);
  const parts: Span[] = [
    span(`${all.perSecond.toFixed(0)} requests/s  `, 'bold'),
    span(`${all.errorsPerSecond.toFixed(1)} errors/s`, all.errorsPerSecond > 0 ? 'bad' : undefined),
    span(`  ${inFlight} in flight  ${wellText(view)}  `),
    clouds.length === 0 ? span('clouds closed') : span(clouds.join(', '), 'warn'),
  ];
  return experiments.length === 0 ? [parts] : [parts, [span(`experiments: ${experiments.join(', ')}`, 'warn')]];
}

function troubleLines({ trouble }: TopState): readonly Line[] {
  return trouble === undefined ? [] : [[span(trouble.split('\n', 1)[0] as string, 'bad')]];
}

function wellText({ status: { endpoints } }: EdgeView): string {
  const well = endpoints.filter(({ state }) => state === 'healthy').length;
  return `${well} of ${endpoints.length} endpoints healthy`;
}

function endpointLines({ flows }: TopState, { status }: EdgeView): readonly Line[] {
  const rows = status.endpoints.map((endpoint): readonly Cell[] => {
    const { perSecond, errorsPerSecond, share } = flows.get(endpoint.id) ?? NO_FLOW;
    return [
      endpoint.id,
      percentText(share),
      '█'.repeat(Math.max(share > 0 ? 1 : 0, Math.round(share * BAR_MAX))).padEnd(BAR_MAX),
      perSecond.toFixed(0),
      errorsPerSecond > 0 ? { text: errorsPerSecond.toFixed(1), style: 'bad' } : '0',
      stateCell(endpoint),
      endpoint.health.toFixed(2),
      msText(endpoint.latencyMs ?? Number.NaN),
      breakerCell(endpoint.breaker),
      String(endpoint.inFlight),
      String(endpoint.capacity),
      orderText(endpoint),
    ];
  });
  return tableLines([HEAD.map((text) => span(text, 'dim')), ...rows], FIGURES);
}
