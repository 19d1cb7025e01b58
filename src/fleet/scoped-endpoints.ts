import { scopesReaching } from '../config/override-scope.ts';
import { endpointsOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';

/** The endpoints of a topology by every scope that reaches them, made once for a topology. */
export class ScopedEndpoints {
  readonly #byScope = new Map<string, Endpoint[]>();

  constructor(topology: Topology) {
    for (const endpoint of endpointsOf(topology)) {
      for (const scope of scopesReaching(endpoint)) {
        const there = this.#byScope.get(scope);
        if (there === undefined) this.#byScope.set(scope, [endpoint]);
        else there.push(endpoint);
      }
    }
  }

  /** Those that any of the scopes reaches, given as texts, each once. */
  in(scopes: readonly string[]): Iterable<Endpoint> {
    const [first] = scopes;
    if (first === undefined) return [];
    if (scopes.length === 1) return this.#byScope.get(first) ?? [];
    return new Set(scopes.flatMap((scope) => this.#byScope.get(scope) ?? []));
  }
}
