import type { Policies } from '../compose/explain-policies.ts';
import { shareText } from '../config/share.ts';
import { deadlineLine, limitLine, partsLine } from './limit-line.ts';

/** What holds for all requests of a service, a line each. */
export function policyLines({
  limits,
  limitParts,
  shed,
  hedge,
  mirror,
  deadline,
  levels,
}: Policies): readonly string[] {
  return [
    ...(levels === undefined ? [] : [levelsLine(levels)]),
    ...(limits === undefined ? [] : [limitLine(limits)]),
    ...(limitParts === undefined ? [] : [partsLine(limitParts)]),
    ...(shed === undefined ? [] : [shedLine(shed)]),
    ...(hedge === undefined ? [] : [hedgeLine(hedge)]),
    ...(mirror === undefined ? [] : [mirrorLine(mirror)]),
    ...(deadline === undefined ? [] : [deadlineLine(deadline)]),
  ];
}

/** Why a client stays where it is, and what becomes of it when its endpoint fails. */
export function stickyLine({ by, onFailure }: NonNullable<Policies['sticky']>): string {
  const failing = onFailure === 'fail' ? '; when its endpoint fails it gets 503' : '';
  return `sticky by ${by}: ${STAYS[by]}${failing}`;
}

const STAYS = {
  client: 'it stays with the chosen one until that fails, is drained, fenced or full',
  cookie: 'this is for a client without one; a client that has one stays with its endpoint',
  header: 'this is for a request without it; with it, who asks decides',
} as const;

function levelsLine({ spillAt, overflowMax, shedAt, panicBelow }: NonNullable<Policies['levels']>): string {
  const parts = [
    ...(spillAt === undefined
      ? []
      : [`from ${shareText(spillAt)} of its capacity on an endpoint goes behind the others`]),
    ...(overflowMax === undefined ? [] : [`it takes requests of others up to ${shareText(overflowMax)}`]),
    ...(shedAt === undefined ? [] : [`at ${shareText(shedAt)} it gets nothing more`]),
    ...(panicBelow === undefined ? [] : [`with less than ${shareText(panicBelow)} healthy, health is disregarded`]),
  ];
  return `waterfall: ${parts.join('; ')}`;
}

function shedLine({ order, from, lagMaxMs, load }: NonNullable<Policies['shed']>): string {
  const bounds = `from ${shareText(from)} of what the service is built for, or ${lagMaxMs} ms of lag`;
  return `shed: ${order.join(', then ')} go first, ${bounds}; it has ${shareText(load)}`;
}

function hedgeLine({ after, methods }: NonNullable<Policies['hedge']>): string {
  const when = typeof after === 'number' ? `${after} ms` : `the time of ${shareText(after.quantile)} of answers`;
  return `hedge: after ${when}, ${methods.join(', ')} go to a second endpoint as well`;
}

function mirrorLine({ to, share, methods }: NonNullable<Policies['mirror']>): string {
  return `mirror: ${shareText(share)} of ${methods.join(', ')} go to ${to} too; its answers are dropped`;
}
