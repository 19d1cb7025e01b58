import type { Fault } from './kind.ts';
import { priorityFaults } from './priorities.ts';
import { asList, asMapping, isMapping, type Mapping } from './raw.ts';
import { rawOwners } from './raw-endpoints.ts';
import { acmeFaults } from './rules-acme.ts';
import { alertFaults } from './rules-alerts.ts';
import { backendFaults } from './rules-backends.ts';
import { chaosFaults } from './rules-chaos.ts';
import { cloudFaults } from './rules-clouds.ts';
import { degradedFaults } from './rules-degraded.ts';
import { regionFaults } from './rules-edge.ts';
import { endpointFaults } from './rules-endpoint.ts';
import { fenceFaults } from './rules-fence.ts';
import { fileFaults } from './rules-files.ts';
import { fleetFaults } from './rules-fleet.ts';
import { healthFaults } from './rules-health.ts';
import { limitFaults } from './rules-limits.ts';
import { listenerFaults } from './rules-listeners.ts';
import { healthPathFaults, matchFaults } from './rules-match.ts';
import { messageFaults } from './rules-messages.ts';
import { mirrorFaults } from './rules-mirror.ts';
import { originTlsFaults } from './rules-origin-tls.ts';
import { shareFaults } from './rules-shares.ts';
import { shedFaults } from './rules-shed.ts';
import { spillFaults } from './rules-spill.ts';
import { stickyFaults } from './rules-sticky.ts';
import { timeoutFaults } from './rules-timeouts.ts';
import { expandedCount } from './schema-endpoint.ts';

/** Services, and endpoints of all of them and of backends, that a file may have. */
export const SERVICES_MAX = 256;
export const ENDPOINTS_MAX = 10_000;

/**
 * What the keys of a file mean for each other. It looks at the values as they stand, not at what the schema made of them,
 * and passes over whatever the schema has already refused: so that every problem of a file is found in one reading. `file` is
 * where the file itself is.
 */
export function ruleFaults(value: unknown, file: string): readonly Fault[] {
  const root = asMapping(value);
  return eachOnce([
    ...cloudFaults(root),
    ...regionFaults(root),
    ...listenerFaults(root),
    ...acmeFaults(root),
    ...countFaults(root),
    ...priorityFaults(root),
    ...healthFaults(root),
    ...alertFaults(root),
    ...matchFaults(root),
    ...healthPathFaults(root),
    ...messageFaults(root),
    ...backendFaults(root),
    ...endpointFaults(root),
    ...shareFaults(root),
    ...spillFaults(root),
    ...stickyFaults(root),
    ...fenceFaults(root),
    ...limitFaults(root),
    ...shedFaults(root),
    ...mirrorFaults(root),
    ...timeoutFaults(root),
    ...originTlsFaults(root),
    ...degradedFaults(root),
    ...chaosFaults(root),
    ...fleetFaults(root),
    ...fileFaults(root, file),
  ]);
}

/** What is wrong with an endpoint for several services that share it is said once. */
function eachOnce(faults: readonly Fault[]): readonly Fault[] {
  const known = new Set<string>();
  return faults.filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

function countFaults(root: Mapping): readonly Fault[] {
  const services = rawOwners(root);
  const all = services.flatMap(({ block }) => asList(block['endpoints']));
  const endpoints = all.reduce<number>((sum, endpoint) => sum + expandedCount(asMapping(endpoint)['expand']), 0);
  const faults: Fault[] = [];
  const add = (message: string) => faults.push({ path: ['services'], message });
  if (isMapping(root['services']) && Object.keys(root['services']).length === 0)
    add('has no service; add at least one, with its endpoints');
  if (services.length > SERVICES_MAX)
    add(
      `has ${services.length} services${isMapping(root['backends']) ? ' with the backends' : ''}; at most ${SERVICES_MAX} fit, so run several edges`,
    );
  if (endpoints > ENDPOINTS_MAX)
    add(`has ${endpoints} endpoints in all; at most ${ENDPOINTS_MAX} fit, so run several edges`);
  return faults;
}
