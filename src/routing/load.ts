import type { LiveColumns } from '../table/endpoint-table.ts';
import type { ServiceView } from './view.ts';

/** Requests that an edge is taken to have anyway, so that its first ones at an endpoint are no sign of a rush everywhere. */
export const OWN_MIN = 2;
/** However much more this edge has than usual, the others are not taken to have more times as much. */
export const RUSH_MAX = 4;

/**
 * Requests in flight at an endpoint, from the whole fleet, without those that are still or again on the way: an endpoint that is far is not
 * busier for it. This edge's own now, and the others' mean of ten seconds, which
 * is some seconds old, scaled by how this edge's own now stands to its own mean. Edges decide alike: where this one sends more
 * than it did, so do the others. Their own counts, added as they were told, made all of them send where seconds ago there
 * was room, and withdraw together after. Scaled, each edge fills the share of an endpoint that it has been using, and the
 * shares drift slowly to those who are near. See docs/decisions/0043-fleet-counts.md.
 */
export function inFlightOf(columns: LiveColumns, row: number): number {
  return withOthers(columns, row, (columns.inFlight[row] as number) * (columns.atEndpoint[row] as number));
}

/** The same for what this edge has there by another measure: `own`, with that of the others. */
export function withOthers(columns: LiveColumns, row: number, own: number): number {
  const others = columns.fleetInFlight[row] as number;
  return others === 0 ? own : own + others * rushOf(columns, row, own);
}

/**
 * Health of endpoint `i` as it counts in a score. Until the first checks of a service are in, all have the same: else the
 * endpoint that happened to be checked first would get every request.
 */
export function healthOf(view: ServiceView, i: number, columns: LiveColumns): number {
  return columns.starting[view.slot] === 1 ? 1 : (columns.health[view.rows[i] as number] as number);
}

/** Requests in flight that endpoint `i` is built for: what an operator says of it, or else what the file does. */
export function declaredCapacityOf(view: ServiceView, i: number, columns: LiveColumns): number {
  const said = columns.capacity[view.rows[i] as number] as number;
  return said > 0 ? said : (view.capacities[i] as number);
}

/** What counts as the capacity of endpoint `i`: the declared one, corrected by what was learned. */
export function capacityOf(view: ServiceView, i: number, columns: LiveColumns): number {
  return declaredCapacityOf(view, i, columns) * (columns.capacityFit[view.rows[i] as number] as number);
}

/** Writes what endpoint `i` has, over what it is built for, into the scratch: it is asked for twice in a decision. */
export function writeLoad(view: ServiceView, i: number, columns: LiveColumns): void {
  const row = view.rows[i] as number;
  const counted = inFlightOf(columns, row) / capacityOf(view, i, columns);
  view.loads[i] = view.reports ? Math.max(counted, reportedNow(columns, row)) : counted;
}

/**
 * The load that an endpoint reports, as it is now. A report is the mean of ten seconds, and every edge has the same one: taken as it is, all
 * would leave an endpoint together and come back together. So it is scaled by how what this edge has there now stands to what it had on average while the report
 * came about, as what other edges have there is. Whoever has sent more of late finds it fuller at once, and whoever has left finds it emptier. 0 where nothing is
 * reported.
 */
export function reportedNow(columns: LiveColumns, row: number): number {
  const said = columns.reportedLoad[row] as number;
  if (said === 0) return 0;
  const own = (columns.inFlight[row] as number) * (columns.atEndpoint[row] as number);
  return said * rushOf(columns, row, own);
}

/**
 * The same as `writeLoad` for all endpoints. What that asks of other functions is written out here, in a loop over a few columns that calls nothing: it is
 * gone through for every request, and so takes a third of the time.
 */
export function writeLoads({ rows, capacities, loads, reports }: ServiceView, columns: LiveColumns): void {
  const { inFlight, atEndpoint, inFlightMean, fleetInFlight, capacity, capacityFit, reportedLoad } = columns;
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] as number;
    const own = (inFlight[row] as number) * (atEndpoint[row] as number);
    const others = fleetInFlight[row] as number;
    const said = capacity[row] as number;
    const built = (said > 0 ? said : (capacities[i] as number)) * (capacityFit[row] as number);
    if (others === 0 && !reports) {
      loads[i] = own / built;
      continue;
    }
    const rush = rushOver(own, inFlightMean[row] as number);
    const counted = (own + others * rush) / built;
    loads[i] = reports ? Math.max(counted, (reportedLoad[row] as number) * rush) : counted;
  }
}

/** How what this edge has at an endpoint now stands to what it had there on average. */
function rushOf(columns: LiveColumns, row: number, own: number): number {
  return rushOver(own, columns.inFlightMean[row] as number);
}

/** `mean` is NaN where nothing was measured. */
function rushOver(own: number, mean: number): number {
  const rush = (own + OWN_MIN) / ((mean === mean ? mean : own) + OWN_MIN);
  return rush < RUSH_MAX ? rush : RUSH_MAX;
}
