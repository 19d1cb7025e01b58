import { admits, siteOf } from '../config/fence-match.ts';
import type { Service } from '../config/topology.ts';
import type { Fence, FenceStatus, Site } from '../config/topology-fence.ts';

/**
 * Fences of a service: which endpoints may serve a client, whatever becomes of them. They are turned into masks, one for each set of
 * fences that hold a client together, so that a decision only looks a byte up. An endpoint that the mask leaves out stands `fenced`,
 * which is never sent to: not in panic, not by another attempt, and not when all the others are drained.
 */
export type FenceMask = {
  /** 1 for an endpoint that may serve, by its position in the service. */
  readonly allowed: Uint8Array;
  /** What a client gets when none of them is left; 451 when any of its fences says so. */
  readonly status: FenceStatus;
  /** Where all of them are, as a text: a copy that was made for clients with the same text came from one of these places. */
  readonly places: string;
  /** Whether something that is no endpoint may serve too. */
  readonly admits: (site: Site) => boolean;
};

/** The masks of one service. `held` has bit i set when the fence at i holds the client. */
export class FenceMasks {
  readonly #service: Pick<Service, 'fences' | 'endpoints'>;
  readonly #masks = new Map<number, FenceMask>();

  constructor(service: Pick<Service, 'fences' | 'endpoints'>) {
    this.#service = service;
  }

  /** Undefined for a client that no fence holds. */
  of(held: number): FenceMask | undefined {
    if (held === 0) return undefined;
    let mask = this.#masks.get(held);
    if (mask === undefined) {
      mask = maskOf(this.#service, held);
      this.#masks.set(held, mask);
    }
    return mask;
  }
}

function maskOf({ fences, endpoints }: Pick<Service, 'fences' | 'endpoints'>, held: number): FenceMask {
  const holding = fences.filter((_, i) => (held & (1 << i)) !== 0);
  const pass = (site: Site): boolean => holding.every(({ only }) => admits(only, site));
  const allowed = Uint8Array.from(endpoints, (endpoint) => (pass(siteOf(endpoint)) ? 1 : 0));
  const inside = endpoints.filter((_, i) => allowed[i] === 1).map(siteOf);
  return { allowed, status: statusOf(holding), places: placesOf(inside), admits: pass };
}

function statusOf(holding: readonly Fence[]): FenceStatus {
  return holding.some(({ otherwise }) => otherwise === 451) ? 451 : 503;
}

function placesOf(sites: readonly Site[]): string {
  const places = sites.map(({ cloud, region, country }) => `${cloud}/${region}/${country}`);
  return [...new Set(places)].sort().join(' ');
}
