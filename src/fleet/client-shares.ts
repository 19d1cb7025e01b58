import type { Topology } from '../config/topology.ts';
import { clientName } from '../resilience/client-places.ts';
import { clientShare } from '../resilience/client-share.ts';
import type { Clock } from '../table/clock.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import { clientRule } from '../table/limit-cells.ts';
import type { Placement } from '../table/placement.ts';
import { ClientMeter, type ClientRate, type ToldClient } from './client-meter.ts';
import { type ClientDemand, TOLD_MAX } from './client-text.ts';
import type { FleetDigest, HeardClient } from './fleet.ts';

export type ClientSharesDeps = {
  readonly table: Pick<EndpointTable, 'live'>;
  readonly topology: () => Topology;
  readonly placement: () => Placement;
  readonly clock: Clock;
};

/** How many clients of a service this edge tells the others of, and of how many of them it has a part of the limit only. */
export type ClientsShown = { readonly service: string; readonly told: number; readonly shared: number };

/**
 * The shares of limits for clients that edges of a fleet hand each other. With each report this edge tells what its heaviest clients ask of it; of those that
 * others tell of, too, it works out its part from what all have told, and writes that at the client's place, where threads read it. A part holds until the next
 * look: of a client of which nobody else tells any more this edge has the whole limit again.
 */
export class ClientShares {
  readonly #deps: ClientSharesDeps;
  #meter: ClientMeter | undefined;
  #lookedMs: number;
  #told: readonly ToldClient[] = [];
  #heard: ReadonlyMap<number, HeardClient> = new Map();
  #edges = 1;
  /** Places at which a part is written. */
  #parts = new Set<number>();

  constructor(deps: ClientSharesDeps) {
    this.#deps = deps;
    this.#lookedMs = deps.clock.nowMs();
  }

  /** By service, of those whose limits for clients are shared. */
  get shown(): readonly ClientsShown[] {
    const { clientShare: shares } = this.#deps.table.live;
    return sharedServices(this.#deps.topology()).map((service) => {
      const told = this.#told.filter((one) => one.service === service);
      return {
        service,
        told: told.length,
        shared: told.filter(({ at }) => this.#parts.has(at) && shares[at] !== 0).length,
      };
    });
  }

  /** What is told of clients now; nothing where no limit for clients is shared. */
  tell(): ClientDemand {
    const { topology, placement, clock, table } = this.#deps;
    const rates = clientRates(topology(), placement());
    const nowMs = clock.nowMs();
    const elapsedMs = nowMs - this.#lookedMs;
    table.live.clientsShared[0] = rates.size > 0 ? 1 : 0;
    if (rates.size === 0) {
      this.#told = [];
    } else if (elapsedMs > 0) {
      this.#lookedMs = nowMs;
      this.#meter ??= new ClientMeter(table.live);
      const others = (name: number) => (this.#heard.get(name)?.others ?? 0) / UNIT;
      this.#told = this.#meter.look({ rates, others, edges: this.#edges, elapsedMs }).slice(0, TOLD_MAX);
    }
    return new Map(this.#told.map((client) => [client.name, thousandths(client)]));
  }

  /** Takes in what the others have told. */
  take({ edges, clients = new Map() }: FleetDigest): void {
    const { clientShare: shares, clientKey } = this.#deps.table.live;
    this.#heard = clients;
    this.#edges = edges + 1;
    const parts = new Set<number>();
    for (const told of this.#told) {
      const heard = clients.get(told.name);
      // Only by what was counted of this edge together with the others: parts of what is not the same do not sum to 1. Until then a client that comes from
      // another edge has all of its limit here, as one has that comes for the first time.
      if (heard?.own === undefined || heard.edges === 0) continue;
      const share = clientShare({ own: heard.own / UNIT, others: heard.others / UNIT, edges: heard.edges });
      shares[told.at] = share;
      // A thread may have given the place to somebody else in between.
      if (clientName(told.at, clientKey[told.at] as number) === told.name) parts.add(told.at);
      else shares[told.at] = 0;
    }
    for (const at of this.#parts) if (!parts.has(at)) shares[at] = 0;
    this.#parts = parts;
  }
}

/** What is told is rounded to one of this. */
const UNIT = 1000;

function thousandths({ demand }: ToldClient): number {
  return Math.max(1, Math.round(demand.steady * UNIT));
}

/** The rules for clients whose rates edges share, by number. */
function clientRates({ services }: Topology, { slots }: Placement): ReadonlyMap<number, ClientRate> {
  const rates = new Map<number, ClientRate>();
  for (const { name, limits } of services) {
    const slot = slots[name];
    if (slot === undefined || limits?.over !== 'fleet') continue;
    for (const [index, { rate }] of limits.clients.entries()) {
      if (rate !== undefined)
        rates.set(clientRule(slot, index), { service: name, requestsPerSecond: rate.requestsPerSecond });
    }
  }
  return rates;
}

function sharedServices({ services }: Topology): readonly string[] {
  const isShared = ({ limits }: Topology['services'][number]) =>
    limits?.over === 'fleet' && limits.clients.some(({ rate }) => rate !== undefined);
  return services.filter(isShared).map(({ name }) => name);
}

/** Whether a file has limits for clients that edges share. */
export function sharesClients(topology: Topology): boolean {
  return sharedServices(topology).length > 0;
}
