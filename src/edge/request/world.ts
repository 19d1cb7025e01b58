import type { Topology } from '../../config/topology.ts';
import type { Placement } from '../../table/placement.ts';
import { NO_FLAGS } from './match-conditions.ts';
import { compileTrust, type Trust } from './proxy-addr.ts';
import { ServiceMatcher } from './service-match.ts';
import { type ServiceState, serviceState } from './service-state.ts';
import { pseudonymOf } from './via.ts';

/** All that an edge thread knows from the YAML, made once per reload and swapped as one reference. */
export type World = {
  readonly topology: Topology;
  readonly services: ServiceMatcher<ServiceState>;
  readonly states: ReadonlyMap<string, ServiceState>;
  readonly trust: Trust;
  readonly pseudonym: string;
  /** Which flags are on, as the table has it now. */
  readonly flags: Uint8Array;
};

/** `flags` are the cells of the table; without them, every flag is off. */
export function worldOf(
  topology: Topology,
  at: { readonly placement: Placement; readonly nowMs: number; readonly flags?: Uint8Array },
  previous: World | undefined,
): World {
  const { flags = NO_FLAGS.cells } = at;
  const pairs = topology.services.map(
    (service) => [service, serviceState(service, topology, at, previous?.states.get(service.name))] as const,
  );
  return {
    topology,
    services: new ServiceMatcher(pairs, { cells: flags, placed: at.placement.flags ?? {} }),
    states: new Map(pairs.map(([service, state]) => [service.name, state])),
    trust: compileTrust(topology.edge.trustProxies),
    pseudonym: pseudonymOf(topology.edge.pseudonym),
    flags,
  };
}
