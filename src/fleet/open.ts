import type { Fleet } from './fleet.ts';
import type { FleetDeps } from './fleet-deps.ts';

/**
 * The fleet that the settings ask for. The client of its store is loaded only here: an edge without a fleet does not hold it.
 * Rejects when the file of `sqlite` cannot be used; otherwise never for what is outside.
 */
export async function openFleet(deps: FleetDeps): Promise<Fleet> {
  if (deps.settings.store === 'redis') return new (await import('./regional-fleet.ts')).RegionalFleet(deps);
  return new (await import('./single-fleet.ts')).SingleFleet(deps);
}
