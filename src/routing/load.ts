import type { LiveColumns } from '../table/endpoint-table.ts';
import type { ServiceView } from './view.ts';

/** Requests in flight at an endpoint, from this edge and, as of their last reports, from all others of the fleet. */
export function inFlightOf(columns: LiveColumns, row: number): number {
  return (columns.inFlight[row] as number) + (columns.fleetInFlight[row] as number);
}

/**
 * Health of endpoint `i` as it counts in a score. Until the first checks of a service are in, all have the same: else the
 * endpoint that happened to be checked first would get every request.
 */
export function healthOf(view: ServiceView, i: number, columns: LiveColumns): number {
  return columns.starting[view.slot] === 1 ? 1 : (columns.health[view.rows[i] as number] as number);
}

/** Requests in flight that endpoint `i` is built for: what an operator says of it, or else what the file does. */
export function capacityOf(view: ServiceView, i: number, columns: LiveColumns): number {
  const said = columns.capacity[view.rows[i] as number] as number;
  return said > 0 ? said : (view.capacities[i] as number);
}
