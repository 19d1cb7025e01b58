import type { Fleet } from './fleet.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { RegionalFleet } from './regional-fleet.ts';
import { SingleFleet } from './single-fleet.ts';

/** The fleet that the settings ask for. Throws when the file of `sqlite` cannot be used; otherwise never for what is outside. */
export function openFleet(deps: FleetDeps): Fleet {
  return deps.settings.store === 'redis' ? new RegionalFleet(deps) : new SingleFleet(deps);
}
