import { ownersOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';

/** A service with more endpoints is not looked through at every check. */
export const OUTAGE_ENDPOINTS_MAX = 1000;

/**
 * The endpoints of each service or backend, to see whether all are down. What they have in common is being repaired then, and whichever is found first gets
 * every request until the others are: they are looked for often, and all at once as soon as one is found.
 */
export class Outage {
  #endpoints: ReadonlyMap<string, readonly string[]> = new Map();

  update(topology: Topology): void {
    const owners = ownersOf(topology).map(({ name, endpoints }) => [name, endpoints.map(({ id }) => id)] as const);
    this.#endpoints = new Map(owners);
  }

  /** Whether all endpoints of a service or backend are down, as `isDown` says; one that has no others is nobody's rush. */
  isTotal(service: string, isDown: (id: string) => boolean): boolean {
    const ids = this.#of(service);
    return ids.length > 1 && ids.every(isDown);
  }

  /** The others, if all of them were down until this one was found to be up; none otherwise. */
  endedBy(id: string, service: string, isDown: (id: string) => boolean): readonly string[] {
    const others = this.#of(service).filter((other) => other !== id);
    return others.every(isDown) ? others : [];
  }

  #of(service: string): readonly string[] {
    const ids = this.#endpoints.get(service) ?? [];
    return ids.length > OUTAGE_ENDPOINTS_MAX ? [] : ids;
  }
}
