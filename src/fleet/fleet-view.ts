import { endpointsOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { ClientShares } from './client-shares.ts';
import type { EdgeReport, Fleet, FleetDigest, Seen } from './fleet.ts';
import type { LimitShares } from './limit-shares.ts';
import { type Opinions, seenOf } from './quorum.ts';

export type FleetViewDeps = {
  readonly fleet: Pick<Fleet, 'report' | 'digest'>;
  readonly table: EndpointTable;
  readonly topology: () => Topology;
  readonly placement: () => Placement;
  /** Left out where no limit is shared. */
  readonly shares?: Pick<LimitShares, 'tell' | 'take'>;
  readonly clients?: Pick<ClientShares, 'tell' | 'take'>;
};

/** No fleet has so many requests in flight at one endpoint. */
const IN_FLIGHT_MAX = 2 ** 31 - 1;

const NOTHING = { inFlight: 0, up: 0, down: 0, unknown: 0 };

/**
 * What all edges see of the endpoints. Each round tells what this edge sees and takes in what the others do; what they have
 * in flight goes into the table, where decisions read it. Belongs to the control thread.
 */
export class FleetView {
  readonly #deps: FleetViewDeps;
  #digest: FleetDigest = { edges: 0, endpoints: new Map() };

  constructor(deps: FleetViewDeps) {
    this.#deps = deps;
  }

  /** One round. */
  exchange(): void {
    const { fleet, table, shares, clients } = this.#deps;
    const report: Map<string, { inFlight: number; seen: Seen }> = new Map();
    for (const [id, row] of this.#rows()) {
      const mean = table.live.inFlightMean[row] as number;
      const inFlight = Number.isNaN(mean) ? Math.max(0, table.live.inFlight[row] as number) : mean;
      report.set(id, { inFlight, seen: seenOf(table.live.state[row] as number) });
    }
    shares?.tell(report);
    fleet.report(report satisfies EdgeReport, clients?.tell());
    this.#digest = fleet.digest();
    shares?.take(this.#digest);
    clients?.take(this.#digest);
    for (const [id, row] of this.#rows()) {
      const inFlight = this.#digest.endpoints.get(id)?.inFlight ?? 0;
      table.live.fleetInFlight[row] = Math.min(IN_FLIGHT_MAX, Math.max(0, inFlight));
    }
  }

  /** What this edge sees of an endpoint now, and how many of the others saw what in the last round. */
  opinionsOf(id: string): Opinions {
    const row = this.#deps.placement().rows[id];
    const { up, down, unknown } = this.#digest.endpoints.get(id) ?? NOTHING;
    const here = row === undefined ? 'unknown' : seenOf(this.#deps.table.live.state[row] as number);
    return { here, up, down, unknown };
  }

  /** What all other edges had in flight at an endpoint in the last round. */
  inFlightOf(id: string): number {
    return this.#digest.endpoints.get(id)?.inFlight ?? 0;
  }

  *#rows(): Iterable<readonly [id: string, row: number]> {
    const { rows } = this.#deps.placement();
    for (const { id } of endpointsOf(this.#deps.topology())) {
      const row = rows[id];
      if (row !== undefined) yield [id, row];
    }
  }
}
