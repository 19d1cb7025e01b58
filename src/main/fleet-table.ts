import type { FleetAnswer } from '../compose/fleet-answer.ts';
import { textTable } from './text-table.ts';

/** Endpoints that an edge doubts and that are printed; the rest are counted. */
const DOUBTED_SHOWN_MAX = 20;

/** How a fleet is, as people read it. */
export function fleetTables(answer: FleetAnswer): string {
  const parts = answer.shared
    ? [headText(answer), edgesTable(answer), regionsTable(answer), lagsTable(answer)]
    : [ALONE];
  return [...parts, overridesTable(answer), doubtedTable(answer)].filter((part) => part !== '').join('\n');
}

const ALONE = 'This edge is alone: its file has no fleet block. What is decided here ends with its process.\n';

function headText(answer: FleetAnswer): string {
  const { edge, region, records, conflictsResolved, unreadable, reportsDropped } = answer;
  const lines = [
    `As edge ${edge} in ${region} sees it: ${records} records, ${conflictsResolved} conflicts resolved, ${reportsDropped} reports dropped`,
  ];
  if (unreadable.count > 0) {
    lines.push(
      `${unreadable.count} records cannot be read and are left as they are; the last: ${unreadable.last.join(', ')}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function edgesTable({ edges, edge }: FleetAnswer): string {
  const rows = edges.map(({ id, region, heardMsAgo }) => [
    id,
    region,
    id === edge ? 'this one' : `${(heardMsAgo / 1000).toFixed(1)} s ago`,
  ]);
  return textTable([['EDGE', 'REGION', 'HEARD'], ...rows]);
}

function regionsTable({ regions }: FleetAnswer): string {
  const rows = regions.map(({ region, role, connected, writable, waiting, trouble }) => [
    region,
    role,
    stateOf(connected, writable),
    String(waiting),
    trouble,
  ]);
  return textTable([['REGION', 'ROLE', 'STORE', 'WAITING', 'TROUBLE'], ...rows]);
}

function lagsTable({ lags }: FleetAnswer): string {
  if (lags.length === 0) return '';
  const rows = lags.map(({ source, target, seconds }) => [
    source,
    target,
    seconds === null ? 'never in step' : `${seconds.toFixed(1)} s`,
  ]);
  return textTable([['FROM', 'TO', 'BEHIND'], ...rows]);
}

function overridesTable({ overrides }: FleetAnswer): string {
  if (overrides.length === 0) return 'No overrides are in force.\n';
  const rows = overrides.map(({ kind, scope, level, until, actor, edge, reason }) => [
    kind,
    scope,
    kind === 'drain' ? '' : String(level),
    until ?? 'lifted',
    `${actor}@${edge}`,
    reason,
  ]);
  return textTable([['OVERRIDE', 'OF', 'IS', 'UNTIL', 'BY', 'REASON'], ...rows]);
}

function doubtedTable({ doubted, shared }: FleetAnswer): string {
  if (!shared || doubted.length === 0) return '';
  const rows = doubted
    .slice(0, DOUBTED_SHOWN_MAX)
    .map(({ endpoint, here, up, down, unknown, quorum, cutOff }) => [
      endpoint,
      here,
      String(up),
      String(down),
      String(unknown),
      cutOff ? `${quorum}: this edge is cut off` : quorum,
    ]);
  const more = doubted.length - rows.length;
  const all = textTable([['ENDPOINT', 'HERE', 'UP', 'DOWN', 'UNKNOWN', 'MOST EDGES SEE IT'], ...rows]);
  return more > 0 ? `${all}and ${more} more that not every edge sees up\n` : all;
}

/** An edge of an earlier version does not say whether a store takes writes. */
function stateOf(connected: boolean, writable: boolean | undefined): string {
  if (!connected) return 'down';
  return writable === false ? 'no writes' : 'up';
}
