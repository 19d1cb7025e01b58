import { msText } from '../demo/figures.ts';
import { breakerCell, cloudText, type EdgeView, orderText, stateCell } from './edge-view.ts';
import { type Cell, textTable } from './text-table.ts';

/** Whether an edge is ready, as its admin port says it: with its checks, one a line, when it is not. */
export type Ready = { readonly ready: boolean; readonly checks: readonly string[] };

const HEAD = [
  'ENDPOINT',
  'STATE',
  'HEALTH',
  'LATENCY',
  'BREAKER',
  'IN FLIGHT',
  'OF',
  'REQUESTS',
  'ERRORS',
  'BY OPERATORS',
];
const FIGURES = [2, 3, 5, 6, 7, 8];

/** How an edge and its endpoints are, as people read it. */
export function statusText({ edge, status }: EdgeView, { ready, checks }: Ready, coloured: boolean): string {
  const rows = status.endpoints.map((endpoint): readonly Cell[] => [
    endpoint.id,
    stateCell(endpoint),
    endpoint.health.toFixed(2),
    msText(endpoint.latencyMs ?? Number.NaN),
    breakerCell(endpoint.breaker),
    String(endpoint.inFlight),
    String(endpoint.capacity),
    String(endpoint.requests),
    String(endpoint.errors),
    orderText(endpoint),
  ]);
  const up = status.endpoints.filter(({ state }) => state === 'healthy').length;
  const clouds = cloudText(status);
  const { overrides } = status;
  const place = edge.region === '' ? '' : ` in ${edge.region}`;
  const lines = [
    `edge ${edge.id}${place}: ${ready ? 'ready' : 'not ready'}; ${up} of ${status.endpoints.length} endpoints healthy`,
    ...(ready ? [] : checks.map((check) => `  ${check}`)),
    ...(clouds.length === 0 ? [] : [`breakers of clouds: ${clouds.join(', ')}`]),
    ...(overrides.length === 0 ? [] : [`${overrides.length} orders of operators in force (meridian fleet status)`]),
  ];
  return `${lines.join('\n')}\n\n${textTable([HEAD, ...rows], FIGURES, coloured)}`;
}
