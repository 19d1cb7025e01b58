import { HEALTH_STATE, type LiveColumns } from '../table/endpoint-table.ts';
import { capacityOf, declaredCapacityOf, inFlightOf } from './load.ts';
import type { ServiceView } from './view.ts';

/**
 * What a service has in flight over what it is built for, over its endpoints that requests go to now: not those that are drained, down,
 * resting, or kept from this client. 0 where there are none: then it is no matter of load. That an endpoint has learned to be smaller than was
 * declared decides where requests go, not whether they are served: the lesson may be of a time that is over, and nobody would unlearn it.
 */
export function serviceLoad(
  view: ServiceView,
  columns: LiveColumns,
  nowMs: number,
  allowed: Uint8Array | undefined,
): number {
  let inFlight = 0;
  let capacity = 0;
  for (let i = 0; i < view.rows.length; i += 1) {
    const row = view.rows[i] as number;
    const out = columns.drained[row] === 1 || columns.state[row] === HEALTH_STATE.unhealthy;
    if (out || (columns.restUntilMs[row] as number) > nowMs || allowed?.[i] === 0) continue;
    inFlight += inFlightOf(columns, row);
    capacity += Math.max(declaredCapacityOf(view, i, columns), capacityOf(view, i, columns));
  }
  return capacity === 0 ? 0 : inFlight / capacity;
}
