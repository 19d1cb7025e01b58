import { scopesReaching } from '../config/override-scope.ts';
import type { Endpoint } from '../config/topology.ts';
import { CAPACITY_AS_CONFIGURED, type EndpointTable, WEIGHT_FULL } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { ScopedOverrides } from './scoped-overrides.ts';

/** What operators' decisions come to for one endpoint. `capacity` undefined is that of the file. */
export type Effect = { readonly drained: boolean; readonly weight: number; readonly capacity: number | undefined };

/**
 * Everything that reaches an endpoint taken together: of several, the safest of each kind holds, whichever scope it was said
 * for. So lifting the drain of a region does not lift that of its cloud.
 */
export function effectOn(
  endpoint: Pick<Endpoint, 'id' | 'service' | 'cloud' | 'region' | 'memberOf'>,
  overrides: Pick<ScopedOverrides, 'at'>,
): Effect {
  let drained = false;
  let weight = WEIGHT_FULL;
  let capacity: number | undefined;
  for (const scope of scopesReaching(endpoint)) {
    for (const { kind, level } of overrides.at(scope)) {
      if (kind === 'drain') drained = true;
      else if (kind === 'weight') weight = Math.min(weight, level);
      else capacity = Math.min(capacity ?? level, level);
    }
  }
  return { drained, weight, capacity };
}

export type OverriddenWorld = {
  readonly placement: Placement;
  readonly table: EndpointTable;
  readonly nowMs: number;
  /** Whether a flag of the fleet is on. */
  readonly isOn?: (flag: string) => boolean;
};

/**
 * Writes what is in force for these endpoints into the table; one whose flag is on is drained like any other. One that is drained no more begins on the ramp, as one does
 * that was down: its caches are cold and nobody has a connection to it.
 */
export function writeEffects(
  { placement, table, nowMs, isOn = () => false }: OverriddenWorld,
  overrides: Pick<ScopedOverrides, 'at'>,
  endpoints: Iterable<Endpoint>,
): void {
  const { live } = table;
  for (const endpoint of endpoints) {
    const row = placement.rows[endpoint.id];
    if (row === undefined) continue;
    const { weight, capacity, ...effect } = effectOn(endpoint, overrides);
    const drained = effect.drained || (endpoint.unless !== undefined && isOn(endpoint.unless));
    live.weight[row] = weight;
    live.capacity[row] = capacity ?? CAPACITY_AS_CONFIGURED;
    // The ramp is there before the cell that lets requests in.
    if (live.drained[row] === 1 && !drained) live.rampFromMs[row] = nowMs;
    live.drained[row] = drained ? 1 : 0;
  }
}
