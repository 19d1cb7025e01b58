import type { Topology } from '../config/topology.ts';
import type { Random } from '../table/clock.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import { sharesClients } from './client-shares.ts';
import type { Fleet, SharedRecord } from './fleet.ts';

export type ClientSeedDeps = {
  readonly fleet: Pick<Fleet, 'list' | 'put' | 'onChange'>;
  readonly table: Pick<EndpointTable, 'live'>;
  readonly random: Random;
};

/** Where the fleet keeps it. Of two that were drawn side by side the later stays, as of any record. */
const KEY = 'limits/client-seed';

/**
 * What the keys of clients are hashed with at every edge of the fleet, so that edges mean the same client by the same number and nobody outside can choose who shares
 * one. Whoever needs it first draws it, and the stores keep it: it is no secret of whoever may read those. Where it changes, clients begin anew, with their burst.
 */
export class ClientSeed {
  readonly #deps: ClientSeedDeps;

  constructor(deps: ClientSeedDeps) {
    this.#deps = deps;
    deps.fleet.onChange((record) => this.#take(record));
  }

  /** To be called before a topology is in force: takes the seed that is known, or draws one where it is the first that is needed. */
  begin(topology: Topology): void {
    if (!sharesClients(topology)) return;
    const { fleet, random } = this.#deps;
    const known = fleet.list(KEY).find((record) => seedOf(record) !== undefined);
    if (known !== undefined) return this.#take(known);
    // It is in force here at once, and told to the others as soon as that can be done.
    void fleet.put(KEY, { seed: Math.floor(random() * 2 ** 32) | 1 }).catch(() => undefined);
  }

  #take(record: SharedRecord): void {
    const seed = seedOf(record);
    if (seed !== undefined) this.#deps.table.live.limitSeed[0] = seed;
  }
}

function seedOf({ key, value }: SharedRecord): number | undefined {
  const seed = value['seed'];
  return key === KEY && Number.isInteger(seed) && seed !== 0 ? (seed as number) : undefined;
}
