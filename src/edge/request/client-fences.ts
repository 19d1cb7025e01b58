import type { Service } from '../../config/topology.ts';
import type { Whereabouts } from '../../geo/locate.ts';
import { type FenceMask, FenceMasks, heldIn } from '../../routing/fence.ts';
import { compileTrust, type Trust } from './proxy-addr.ts';

/** Addresses of one service whose networks are remembered, per thread; the one that was found first goes first. */
export const ADDRESSES_MAX = 10_000;

/** The client as fences see it. */
export type FencedClient = Pick<Whereabouts, 'country' | 'precision'> & { readonly address: string };

/** Which fences of a service hold a client: by its country, and by its address where a fence names networks. */
export class ClientFences {
  readonly #service: Pick<Service, 'fences'>;
  readonly #masks: FenceMasks;
  /** By country; the empty one is the unknown. */
  readonly #byCountry = new Map<string, number>();
  /** The networks of each fence; undefined where it names none. */
  readonly #networks: readonly (Trust | undefined)[];
  readonly #byAddress: Map<string, number> | undefined;

  constructor(service: Pick<Service, 'fences' | 'endpoints'>) {
    this.#service = service;
    this.#masks = new FenceMasks(service);
    this.#networks = service.fences.map(({ when }) => (when?.cidrs.length ? compileTrust(when.cidrs) : undefined));
    this.#byAddress = this.#networks.some((one) => one !== undefined) ? new Map() : undefined;
  }

  /** The endpoints that may serve the client; undefined: all of them, for no fence holds it. */
  of({ country, precision, address }: FencedClient): FenceMask | undefined {
    // Whoever is taken to be where the edge stands may be anywhere.
    const known = precision === 'edge' ? '' : country;
    const held = this.#heldByCountry(known);
    return this.#masks.of(this.#byAddress === undefined ? held : held | this.#heldByAddress(this.#byAddress, address));
  }

  #heldByCountry(country: string): number {
    let held = this.#byCountry.get(country);
    if (held === undefined) {
      held = heldIn(this.#service.fences, country);
      this.#byCountry.set(country, held);
    }
    return held;
  }

  #heldByAddress(known: Map<string, number>, address: string): number {
    let held = known.get(address);
    if (held === undefined) {
      held = bits(this.#networks, (network) => network?.(address) === true);
      if (known.size >= ADDRESSES_MAX) known.delete(known.keys().next().value as string);
      known.set(address, held);
    }
    return held;
  }
}

/** The fences of a service in one thread; undefined when it has none. */
export function clientFences(service: Pick<Service, 'fences' | 'endpoints'>): ClientFences | undefined {
  return service.fences.length === 0 ? undefined : new ClientFences(service);
}

function bits<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.reduce((sum, item, i) => (holds(item) ? sum | (1 << i) : sum), 0);
}
