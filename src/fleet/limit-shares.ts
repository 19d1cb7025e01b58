import type { Service, Topology } from '../config/topology.ts';
import type { RateLimit } from '../config/topology-limits.ts';
import { type Asked, fleetShare, followed, NOTHING_ASKED, shareAlone } from '../resilience/fleet-share.ts';
import type { Clock } from '../table/clock.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import { countCell, SERVICE_CELLS } from '../table/service-cells.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import type { FleetDigest, Seen } from './fleet.ts';

export type LimitSharesDeps = {
  readonly table: Pick<EndpointTable, 'live'>;
  readonly blocks: readonly Pick<WorkerBlock, 'services'>[];
  readonly topology: () => Topology;
  readonly placement: () => Placement;
  readonly clock: Clock;
  /** How many edges there are as far as the file says, before this one has heard any. */
  readonly edges: number;
};

type Row = { inFlight: number; seen: Seen };

/** What is known of a limit between two reports. */
type Kept = { asked: number; atMs: number; demand: Asked; share: number; edges: number };

/**
 * The shares of limits that edges of a fleet hand each other. With each report this edge tells what is asked of it, as thousandths of the limit, under a name
 * that no endpoint has; from what all have told it works out its own part, and writes that where its threads read it. Requests wait for none of it.
 */
export class LimitShares {
  readonly #deps: LimitSharesDeps;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: LimitSharesDeps) {
    this.#deps = deps;
  }

  /** The parts that are in force, by service. */
  get shares(): readonly { readonly service: string; readonly share: number }[] {
    return [...this.#kept].map(([service, { share }]) => ({ service, share }));
  }

  /** Puts parts into force for the limits of a topology that is about to be: those that were, and for new ones an even part. */
  dress(topology: Topology, placement: Placement): void {
    const limited = limitedServices(topology);
    for (const name of this.#kept.keys()) if (!limited.has(name)) this.#forget(name, placement);
    for (const [name] of limited) this.#write(name, this.#of(name, placement).share, placement);
  }

  /** Adds to a report what is asked of this edge. */
  tell(report: Map<string, Row>): void {
    const placement = this.#deps.placement();
    const nowMs = this.#deps.clock.nowMs();
    for (const [name, rate] of limitedServices(this.#deps.topology())) {
      const kept = this.#of(name, placement);
      const asked = this.#asked(name, placement);
      const elapsedMs = nowMs - kept.atMs;
      if (elapsedMs > 0) {
        const perSecond = (Math.max(0, asked - kept.asked) * 1000) / elapsedMs;
        const { requestsPerSecond } = rate;
        kept.demand = followed(kept.demand, perSecond / requestsPerSecond, elapsedMs, requestsPerSecond);
        kept.asked = asked;
        kept.atMs = nowMs;
      }
      report.set(keyOf(name), { inFlight: told(kept.demand), seen: 'unknown' });
    }
  }

  /** Takes in what the others have told. */
  take({ edges, endpoints, counted }: FleetDigest): void {
    for (const name of limitedServices(this.#deps.topology()).keys()) {
      const kept = this.#of(name, this.#deps.placement());
      const own = counted?.get(keyOf(name));
      const others = endpoints.get(keyOf(name))?.inFlight ?? 0;
      if (own === undefined && edges === 0) kept.share = shareAlone(kept.share, kept.edges);
      else {
        kept.edges = edges + 1;
        // By what was counted of this edge together with the others: parts of what is not the same do not sum to 1.
        const mine = own ?? told(kept.demand);
        kept.share = fleetShare({ own: mine / UNIT, all: (mine + others) / UNIT, edges: kept.edges });
      }
      this.#write(name, kept.share, this.#deps.placement());
    }
  }

  #of(name: string, placement: Placement): Kept {
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const { clock, edges } = this.#deps;
    const asked = this.#asked(name, placement);
    const fresh = { asked, atMs: clock.nowMs(), demand: NOTHING_ASKED, share: 1 / edges, edges };
    this.#kept.set(name, fresh);
    return fresh;
  }

  #forget(name: string, placement: Placement): void {
    this.#kept.delete(name);
    this.#write(name, 1, placement);
  }

  #asked(name: string, { slots }: Placement): number {
    const slot = slots[name];
    if (slot === undefined) return 0;
    return this.#deps.blocks.reduce((sum, { services }) => sum + (services[slot * SERVICE_CELLS + ASKED] as number), 0);
  }

  #write(name: string, share: number, { slots }: Placement): void {
    const slot = slots[name];
    if (slot !== undefined) this.#deps.table.live.limitShare[slot] = share;
  }
}

/** What is told is rounded to a tenth of this. */
const UNIT = 1000;
const ASKED = countCell('rate-asked');

function told({ steady }: Asked): number {
  return Number.isNaN(steady) ? 0 : steady * UNIT;
}

/** No id of an endpoint begins so: those have a service, a cloud and a region. */
function keyOf(service: string): string {
  return `limit:${service}`;
}

/** The limits that hold for the whole fleet, by service. */
function limitedServices({ services }: Topology): ReadonlyMap<string, RateLimit> {
  return new Map(services.flatMap((service) => (isShared(service) ? [[service.name, service.limits.rate]] : [])));
}

function isShared(service: Service): service is Service & { readonly limits: { readonly rate: RateLimit } } {
  return service.limits?.rate !== undefined && service.limits.over === 'fleet';
}
