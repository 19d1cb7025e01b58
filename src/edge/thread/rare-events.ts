import { ownersOf } from '../../config/owners.ts';
import type { Backend } from '../../config/topology.ts';
import type { AdmissionTarget, BreakerScope, Met } from '../../resilience/admission.ts';
import type { BreakerMove } from '../../resilience/breaker-cells.ts';
import type { Clock } from '../../table/clock.ts';
import { cloudNumber } from '../../table/cloud-numbers.ts';
import { cloudBreakerIndex, slotOfCloudBreaker } from '../../table/endpoint-table.ts';
import type { DropReason, Emit, Event } from '../../table/event.ts';
import type { Quality, Source } from '../../table/quality.ts';
import { Shortages } from '../../table/shortages.ts';
import type { Deployment } from './deployment.ts';

/** Distinct failovers (from, to, reason) that are kept apart between two flushes; the rest is added to the last one. */
export const FAILOVERS_MAX = 1024;

/**
 * What happens too seldom for a cell in the table: failovers, panics, connections that were turned away and breakers that move. They are added up and
 * emitted once a second, so that a cloud's death is a handful of messages, not one per request. Moves are emitted at once.
 */
export class RareEvents {
  readonly #emit: Emit;
  readonly #failovers = new Map<string, Failovers>();
  /** The failover that was first seen last. */
  #last: Failovers | undefined;
  readonly #panics = new Map<string, number>();
  readonly #degraded = new Map<string, Degraded>();
  readonly #drops = new Map<DropReason, number>();
  readonly #shortages: Shortages;

  constructor(emit: Emit, clock: Clock) {
    this.#emit = emit;
    this.#shortages = new Shortages(clock, emit);
  }

  /** This machine had run out of something that a connection takes. */
  shortOf(code: string): void {
    this.#shortages.note(code);
  }

  failedOver(from: string, to: string, reason: string): void {
    const key = `${from} ${to} ${reason}`;
    const known = this.#failovers.get(key) ?? (this.#failovers.size < FAILOVERS_MAX ? undefined : this.#last);
    if (known !== undefined) known.count += 1;
    else this.#failovers.set(key, (this.#last = { from, to, reason, count: 1 }));
  }

  panicked(service: string): void {
    this.#panics.set(service, (this.#panics.get(service) ?? 0) + 1);
  }

  degraded(service: string, source: Source, quality: Quality | 'none'): void {
    const key = `${source} ${quality} ${service}`;
    const known = this.#degraded.get(key);
    if (known !== undefined) known.count += 1;
    else this.#degraded.set(key, { service, source, quality, count: 1 });
  }

  /** A client's connection ended before it could carry a request. */
  dropped(reason: DropReason): void {
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
  }

  breakerMoved(
    { topology, placement }: Deployment,
    target: AdmissionTarget,
    { scope, move, met }: { readonly scope: BreakerScope; readonly move: BreakerMove; readonly met: Met | undefined },
  ): void {
    const service = ownersOf(topology).find(
      ({ name }) => placement.slots[name] === slotOfCloudBreaker(target.cloudBreaker),
    );
    const about = service === undefined ? undefined : subject(service, target, { placement, scope });
    if (about !== undefined) this.#emit({ type: 'breaker-moved', scope, ...about, ...move, cause: causeOf(met) });
  }

  flush(): void {
    this.#shortages.flush();
    for (const failover of this.#failovers.values()) this.#emit({ type: 'failed-over', ...failover });
    for (const [service, count] of this.#panics) this.#emit({ type: 'panic', service, count });
    for (const degraded of this.#degraded.values()) this.#emit({ type: 'degraded', ...degraded });
    for (const [reason, count] of this.#drops) this.#emit({ type: 'connections-dropped', reason, count });
    this.#drops.clear();
    this.#degraded.clear();
    this.#failovers.clear();
    this.#panics.clear();
  }
}

type Degraded = Omit<Extract<Event, { type: 'degraded' }>, 'type' | 'count'> & { count: number };

type Failovers = { readonly from: string; readonly to: string; readonly reason: string; count: number };

function subject(
  service: Backend,
  target: AdmissionTarget,
  { placement, scope }: Pick<Deployment, 'placement'> & { readonly scope: BreakerScope },
): Pick<Extract<Event, { type: 'breaker-moved' }>, 'service' | 'cloud' | 'region' | 'by'> | undefined {
  const slot = placement.slots[service.name] as number;
  const cloud = service.endpoints
    .map((one) => one.cloud)
    .find((one) => cloudBreakerIndex(slot, cloudNumber(placement, one)) === target.cloudBreaker);
  // The last of its endpoints has gone with a reload.
  if (cloud === undefined) return undefined;
  const endpoint = service.endpoints.find(({ id }) => placement.rows[id] === target.row);
  if (scope === 'cloud') return { service: service.name, cloud, region: '', by: endpoint?.id ?? '' };
  if (endpoint === undefined) return undefined;
  return { service: service.name, cloud, region: endpoint.region, by: endpoint.id };
}

/** What an attempt met, in words. */
function causeOf(met: Met | undefined): string {
  const { fault, status } = met ?? { fault: undefined, status: 0 };
  if (fault !== undefined) return `${fault.kind}: ${fault.cause.slice(0, CAUSE_CHARS_MAX)}`;
  return status === 0 ? 'no answer' : `answered ${status}`;
}

/** What a library says of a failure is cut here. */
const CAUSE_CHARS_MAX = 256;
