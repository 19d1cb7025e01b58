import type { Service } from '../config/topology.ts';

/**
 * The tier of each endpoint, by position: 0 is active, the next ones stand by. A request goes to the first tier in which somebody stands as
 * well as anywhere: a tier takes only what those above it cannot, be it that they are down, full or spilling. When nobody is left but those
 * that seem down, tiers do not count: nothing is known to be better there.
 */
export function tiersOf({ endpoints }: Pick<Service, 'endpoints'>): Uint8Array {
  return Uint8Array.from(endpoints, ({ tier }) => tier - 1);
}
