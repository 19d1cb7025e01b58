import { msText } from '../demo/figures.ts';
import { certificateLines } from './certificate-lines.ts';
import { cloudLines, conditionLines, durationText } from './condition-text.ts';
import { breakerCell, type EdgeView, orderText, stateCell } from './edge-view.ts';
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
export function statusText(
  { edge, status }: EdgeView,
  { ready, checks }: Ready,
  coloured: boolean,
  nowMs: number,
): string {
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
  const { overrides } = status;
  const place = edge.region === '' ? '' : ` in ${edge.region}`;
  const lines = [
    `edge ${edge.id}${place}: ${ready ? 'ready' : 'not ready'}; ${up} of ${status.endpoints.length} endpoints healthy`,
    ...(ready ? [] : checks.map((check) => `  ${check}`)),
    processText(status, nowMs),
    ...(overrides.length === 0 ? [] : [`${overrides.length} orders of operators in force (meridian fleet status)`]),
  ];
  const reasons = [
    ...status.endpoints.flatMap((endpoint) => conditionLines(endpoint.id, endpoint, nowMs)),
    ...status.clouds.flatMap((cloud) => cloudLines(cloud, nowMs)),
  ];
  const why = reasons.length === 0 ? '' : `\n${reasons.join('\n')}\n`;
  const obtained = certificateLines(status.certificates, nowMs);
  const certificates = obtained.length === 0 ? '' : `\n${obtained.join('\n')}\n`;
  return `${lines.join('\n')}\n\n${textTable([HEAD, ...rows], FIGURES, coloured)}${why}${certificates}`;
}

/** What runs, for how long, and by which file. */
function processText({ process: { version, uptimeSeconds, config } }: EdgeView['status'], nowMs: number): string {
  const age = durationText(nowMs - Date.parse(config.since));
  const waiting =
    config.restartNeeded.length === 0 ? '' : `; a restart is needed for ${config.restartNeeded.join(', ')}`;
  return `version ${version}, up for ${durationText(uptimeSeconds * 1000)}; ${config.file} (${config.hash}) in use for ${age}${waiting}`;
}
