import { NO_FENCE_CLASS, ORIGIN_CELLS, originCell } from '../table/assigned-cells.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { Ask, Live } from './ask.ts';
import type { ServiceView } from './view.ts';

/** An assignment that is older says nothing of now: the control thread makes one each second. */
export const ASSIGNED_FOR_MS = 5000;
/** Less than this of what is assigned can be kept to, and the rest has to go elsewhere: who knows whether there is room for it there. */
export const KEPT_MIN = 0.5;
/** Requests that each endpoint is taken to have beside those it has, so that one of the few at a small one does not decide. */
const PRIOR = 1;
/** The higher, the closer it comes to whoever has the fewest of what it was assigned, and the less to a draw. */
const CORRECTS = 4;

/** The share of requests like that of `ask` that is assigned to endpoint `i`, 0 to 1. */
export function shareOf(view: ServiceView, i: number, { assignedShare }: LiveColumns, ask: Ask): number {
  if (ask.fenceClass === NO_FENCE_CLASS) return 0;
  return assignedShare[
    (view.rows[i] as number) * ORIGIN_CELLS + originCell(ask.latency.region, ask.fenceClass)
  ] as number;
}

/**
 * Whether a request goes by what is assigned, when `group` is the first that has anyone: the service assigns, not long ago; the
 * priority is the one that was assigned for; and most of what is assigned is to endpoints of that group. Else the best is chosen.
 */
export function isAssigned(view: ServiceView, group: number, { columns }: Live, ask: Ask): boolean {
  if (view.service.routing.select !== 'optimal' || ask.weights !== view.defaultWeights) return false;
  if (ask.nowMs - (columns.assignedAtMs[view.slot] as number) > ASSIGNED_FOR_MS) return false;
  return assignedTo(view, group, columns, ask) >= KEPT_MIN;
}

/**
 * Draws one of `group` by what is assigned, corrected by what it has now: each share counts by how many requests an endpoint was assigned,
 * over those that it has, to the power of `CORRECTS`. So shares are kept to on average, what chance has put too much on gets less at once, and a queue that
 * grows is left alone the moment it does.
 */
export function drawAssigned(view: ServiceView, group: number, { columns }: Live, ask: Ask): number {
  const { groups } = view;
  let sum = 0;
  for (let i = 0; i < groups.length; i += 1) {
    const share = groups[i] === group ? shareOf(view, i, columns, ask) : 0;
    if (share === 0) continue;
    sum += share * correctionOf(view, i, columns);
  }
  let left = ask.draw * sum;
  let last = -1;
  for (let i = 0; i < groups.length; i += 1) {
    const share = groups[i] === group ? shareOf(view, i, columns, ask) : 0;
    if (share === 0) continue;
    last = i;
    left -= share * correctionOf(view, i, columns);
    if (left < 0) return i;
  }
  // Rounding may leave a crumb: the last of them has it.
  return last;
}

function assignedTo(view: ServiceView, group: number, columns: LiveColumns, ask: Ask): number {
  const { groups } = view;
  let sum = 0;
  for (let i = 0; i < groups.length; i += 1) if (groups[i] === group) sum += shareOf(view, i, columns, ask);
  return sum;
}

function correctionOf(view: ServiceView, i: number, { inFlight, atEndpoint, assignedLoad }: LiveColumns): number {
  const row = view.rows[i] as number;
  const now = (inFlight[row] as number) * (atEndpoint[row] as number) + PRIOR;
  return (((assignedLoad[row] as number) + PRIOR) / now) ** CORRECTS;
}
