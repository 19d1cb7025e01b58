import { elapsedText, msText, percentText } from '../demo/figures.ts';
import { type Line, type Span, span } from '../demo/line.ts';
import { breakerCell, cloudText, type EdgeView, orderText, stateCell } from './edge-view.ts';
import { type Cell, tableLines, textOf } from './text-table.ts';
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
/** The columns behind the endpoint's name, in the order in which they stand. */
const HEADS = {
  share: 'share',
  bar: '',
  rate: 'req/s',
  errors: 'err/s',
  state: 'state',
  health: 'health',
  latency: 'latency',
  breaker: 'breaker',
  flight: 'flight',
  of: 'of',
  orders: '',
} as const;
type Column = keyof typeof HEADS;
const COLUMNS = Object.keys(HEADS) as readonly Column[];
const FIGURES: readonly Column[] = ['share', 'rate', 'errors', 'health', 'latency', 'flight', 'of'];
/** What goes first where a terminal is too narrow for all; what is in none of these stays. */
const LEFT_OUT_FIRST: readonly Column[] = [
  'bar',
  'of',
  'flight',
  'health',
  'latency',
  'share',
  'breaker',
  'errors',
  'orders',
];
/** A name is cut to this before a column is left out: cloud and region are still in it. */
const NAME_CHARS_MIN = 26;
const NAME_END_CHARS = 6;
const NO_FLOW: Flow = { perSecond: 0, errorsPerSecond: 0, share: 0 };

/**
 * The whole view as lines, never more than `rows`; endpoints that have no room are counted. Where `columns` are few, the table has fewer
 * and names are cut in the middle.
 */
export function topScreen(
  state: TopState,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): readonly Line[] {
  const { view } = state;
  const head = [titleLine(state), ...(view === undefined ? [] : sumLines(state, view)), ...troubleLines(state)];
  const alerts = state.alerts
    .slice(0, ALERTS_MAX)
    .map(({ critical, text }): Line => [span('alert  ', critical ? 'bad' : 'warn'), span(text)]);
  const foot: readonly Line[] = [[span('q quit', 'bold')]];
  const table = view === undefined ? [] : endpointLines(state, view, columns - 1);
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

function endpointLines({ flows }: TopState, { status }: EdgeView, width: number): readonly Line[] {
  const { endpoints } = status;
  const cells = endpoints.map((endpoint) => cellsOf(endpoint, flows.get(endpoint.id) ?? NO_FLOW));
  const nameWidth = Math.max(0, ...endpoints.map(({ id }) => id.length));
  const widthOf = (column: Column): number =>
    Math.max(HEADS[column].length, ...cells.map((row) => textOf(row[column]).length));
  let columns = COLUMNS.filter((column) => column !== 'orders' || widthOf(column) > 0);
  const roomForName = (): number => width - columns.reduce((sum, column) => sum + GAP + widthOf(column), 0);
  for (const column of LEFT_OUT_FIRST) {
    if (roomForName() >= Math.min(nameWidth, NAME_CHARS_MIN)) break;
    columns = columns.filter((one) => one !== column);
  }
  const room = Math.max(NAME_END_CHARS, roomForName());
  const head = ['', ...columns.map((column) => HEADS[column])].map((text) => span(text, 'dim'));
  const rows = cells.map((row, i) => [
    nameWithin(endpoints[i]?.id ?? '', room),
    ...columns.map((column): Cell => row[column]),
  ]);
  const figures = columns.flatMap((column, i) => (FIGURES.includes(column) ? [i + 1] : []));
  return tableLines([head, ...rows], figures);
}

/** Spaces that `tableLines` leaves between two columns. */
const GAP = 2;

/** A name cut in the middle: service, cloud and region stand at its beginning, and what tells neighbours apart at its end. */
function nameWithin(name: string, chars: number): string {
  if (name.length <= chars) return name;
  return `${name.slice(0, Math.max(0, chars - 1 - NAME_END_CHARS))}…${name.slice(-Math.min(NAME_END_CHARS, chars - 1))}`;
}

function cellsOf(
  endpoint: EdgeView['status']['endpoints'][number],
  { perSecond, errorsPerSecond, share }: Flow,
): Readonly<Record<Column, Cell>> {
  return {
    share: percentText(share),
    bar: '█'.repeat(Math.max(share > 0 ? 1 : 0, Math.round(share * BAR_MAX))).padEnd(BAR_MAX),
    rate: perSecond.toFixed(0),
    errors: errorsPerSecond > 0 ? { text: errorsPerSecond.toFixed(1), style: 'bad' } : '0',
    state: stateCell(endpoint),
    health: endpoint.health.toFixed(2),
    latency: msText(endpoint.latencyMs ?? Number.NaN),
    breaker: breakerCell(endpoint.breaker),
    flight: String(endpoint.inFlight),
    of: String(endpoint.capacity),
    orders: orderText(endpoint),
  };
}
