import type { Endpoint, Service } from '../../config/topology.ts';

/** What becomes of something that is held for an endpoint when it is not to be used for new requests any more. */
export type Held = {
  /** Takes nothing new; what is under way finishes. */
  readonly close: () => void;
  readonly destroy: () => void;
};

/**
 * One of something for each endpoint, made when it is first sent to. This is where it is decided what outlives a reload: what
 * belongs to an endpoint that is gone, or that is reached in another way now, is closed.
 */
export class PerEndpoint<T extends Held> {
  readonly #make: (service: Service, endpoint: Endpoint) => T;
  readonly #held = new Map<string, T>();
  #reachKeys: ReadonlyMap<string, string>;

  /** `reachKeys` says for each endpoint how it is reached: with an equal text, in the same way. */
  constructor(make: (service: Service, endpoint: Endpoint) => T, reachKeys: ReadonlyMap<string, string>) {
    this.#make = make;
    this.#reachKeys = reachKeys;
  }

  of(service: Service, endpoint: Endpoint): T {
    const known = this.#held.get(endpoint.id);
    if (known !== undefined) return known;
    const made = this.#make(service, endpoint);
    this.#held.set(endpoint.id, made);
    return made;
  }

  keepOnly(reachKeys: ReadonlyMap<string, string>): void {
    for (const [id, one] of this.#held) {
      if (reachKeys.has(id) && reachKeys.get(id) === this.#reachKeys.get(id)) continue;
      this.#held.delete(id);
      one.close();
    }
    this.#reachKeys = reachKeys;
  }

  each(call: (one: T) => void): void {
    for (const one of this.#held.values()) call(one);
  }

  destroy(): void {
    for (const one of this.#held.values()) one.destroy();
    this.#held.clear();
  }
}
