import { COUNTRIES } from '../config/countries.ts';
import { admits, coversCountry, siteOf } from '../config/fence-match.ts';
import type { Service } from '../config/topology.ts';
import type { Fence, FenceStatus, Site } from '../config/topology-fence.ts';
import { FENCE_CLASSES, NO_FENCE_CLASS } from '../table/assigned-cells.ts';

/**
 * Fences of a service: which endpoints may serve a client, whatever becomes of them. They are turned into masks, one for each set of
 * fences that hold a client together, so that a decision only looks a byte up. An endpoint that the mask leaves out stands `fenced`,
 * which is never sent to: not in panic, not by another attempt, and not when all the others are drained.
 */
export type FenceMask = {
  /** 1 for an endpoint that may serve, by its position in the service. */
  readonly allowed: Uint8Array;
  /** Its position in `fenceClasses`; `NO_FENCE_CLASS` where there are too many. */
  readonly fenceClass: number;
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
  #classes: readonly Uint8Array[] | undefined;

  constructor(service: Pick<Service, 'fences' | 'endpoints'>) {
    this.#service = service;
  }

  /** Undefined for a client that no fence holds. */
  of(held: number): FenceMask | undefined {
    if (held === 0) return undefined;
    let mask = this.#masks.get(held);
    if (mask === undefined) {
      this.#classes ??= fenceClasses(this.#service);
      mask = maskOf(this.#service, held, this.#classes);
      this.#masks.set(held, mask);
    }
    return mask;
  }
}

/** The fences that hold clients of a country, leaving their addresses aside: bit i for that at i. The empty country is the unknown one. */
export function heldIn(fences: readonly Fence[], country: string): number {
  return fences.reduce((held, fence, i) => (coversCountry(fence, country) ? held | (1 << i) : held), 0);
}

/**
 * Which endpoints fences leave to clients, each choice once, as masks by position: all of them first, then as many others as requests can be assigned by.
 * The same in every thread, for it follows from the file: what clients of each country are left, of unknown ones, and then of those in one network more.
 */
export function fenceClasses(service: Pick<Service, 'fences' | 'endpoints'>): readonly Uint8Array[] {
  const { fences, endpoints } = service;
  const networks = fences.flatMap(({ when }, i) => (when !== undefined && when.cidrs.length > 0 ? [1 << i] : []));
  const countries = [...COUNTRIES, ''].map((country) => heldIn(fences, country));
  const all = Uint8Array.from(endpoints, () => 1);
  const found = new Map([[all.join(), all]]);
  const more = networks.flatMap((network) => countries.map((held) => held | network));
  for (const held of new Set([...countries, ...more])) {
    const { allowed } = admitted(service, held);
    if (!found.has(allowed.join())) found.set(allowed.join(), allowed);
  }
  return [...found.values()].slice(0, FENCE_CLASSES);
}

function admitted({ fences, endpoints }: Pick<Service, 'fences' | 'endpoints'>, held: number) {
  const holding = fences.filter((_, i) => (held & (1 << i)) !== 0);
  const pass = (site: Site): boolean => holding.every(({ only }) => admits(only, site));
  return { holding, pass, allowed: Uint8Array.from(endpoints, (endpoint) => (pass(siteOf(endpoint)) ? 1 : 0)) };
}

function maskOf(
  service: Pick<Service, 'fences' | 'endpoints'>,
  held: number,
  classes: readonly Uint8Array[],
): FenceMask {
  const { holding, pass, allowed } = admitted(service, held);
  const { endpoints } = service;
  const at = classes.findIndex((one) => one.every((may, i) => may === allowed[i]));
  const fenceClass = at === -1 ? NO_FENCE_CLASS : at;
  const inside = endpoints.filter((_, i) => allowed[i] === 1).map(siteOf);
  return { allowed, fenceClass, status: statusOf(holding), places: placesOf(inside), admits: pass };
}

function statusOf(holding: readonly Fence[]): FenceStatus {
  return holding.some(({ otherwise }) => otherwise === 451) ? 451 : 503;
}

function placesOf(sites: readonly Site[]): string {
  const places = sites.map(({ cloud, region, country }) => `${cloud}/${region}/${country}`);
  return [...new Set(places)].sort().join(' ');
}
