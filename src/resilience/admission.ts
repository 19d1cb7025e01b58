import type { BreakerPolicy } from '../config/topology-policy.ts';
import type { Clock } from '../table/clock.ts';
import { type EndpointTable, WITNESS_NONE, WITNESS_SEVERAL } from '../table/endpoint-table.ts';
import { invariant } from '../table/invariant.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import { BreakerCells, type BreakerMove, REFUSED } from './breaker-cells.ts';
import type { Fault } from './fault.ts';

/**
 * Who may send, and what becomes of what they learn. A request asks two breakers, its cloud's and its endpoint's; both
 * must say yes. It gets a permit, which counts it in flight until it is settled, exactly once.
 *
 * A cloud's breaker counts what its endpoints suffer, but the run of failures of one endpoint among several is that
 * endpoint's trouble, not the cloud's: the last failure that would open the cloud's breaker must come from a second
 * endpoint, unless the service, or the backend that services share, has only one in that cloud.
 */
export type AdmissionTarget = {
  readonly row: number;
  /** See `cloudBreakerIndex`. */
  readonly cloudBreaker: number;
  /** Endpoints of this service, or backend, in this cloud, this one included. */
  readonly endpointsInCloud: number;
  readonly policy: BreakerPolicy;
};

/** `abandoned`: the client left, or the attempt was given up for no fault of the endpoint; no breaker learns from it. */
export type Settlement = 'success' | 'failure' | 'abandoned';

export type BreakerScope = 'endpoint' | 'cloud';

/** What an attempt met, for who asks why a breaker moved. The status is 0 without an answer. */
export type Met = { readonly status: number; readonly fault: Fault | undefined };

export type OnBreakerMove = (target: AdmissionTarget, scope: BreakerScope, move: BreakerMove, met?: Met) => void;

/** The right to send one attempt to an endpoint. It counts in flight until it is settled. */
export class Permit {
  readonly target: AdmissionTarget;
  /** What the two breakers have given for it; see `BreakerCells.admit`. */
  readonly endpointTicket: number;
  readonly cloudTicket: number;
  readonly #admission: Admission;
  #settled = false;
  #judged = false;

  constructor(admission: Admission, target: AdmissionTarget, endpointTicket: number, cloudTicket: number) {
    this.#admission = admission;
    this.target = target;
    this.endpointTicket = endpointTicket;
    this.cloudTicket = cloudTicket;
  }

  /**
   * The head of an answer has come. Breakers that are not closed learn of it now: a stream that goes on for hours would hold a
   * probe's place for as long. It stays in flight until it is settled, and breakers hear of that only if it ends badly.
   */
  judge(settlement: 'success' | 'failure', nowMs: number, met?: Met): void {
    if (this.#settled || this.#judged || this.#admission.areClosed(this.target)) return;
    this.#judged = true;
    this.#admission.report(this, settlement, nowMs, met);
  }

  /** Ends the request at this endpoint, once. */
  settle(settlement: Settlement, nowMs?: number, met?: Met): void {
    if (!invariant(!this.#settled, 'a permit settles once')) return;
    this.#settled = true;
    this.#admission.countOut(this.target);
    if (!this.#judged || settlement === 'failure') this.#admission.report(this, settlement, nowMs, met);
  }
}

/** Gives permits, and tells breakers what became of them. One per edge thread, over cells that all threads share. */
export class Admission {
  readonly #table: EndpointTable;
  readonly #block: WorkerBlock;
  readonly #clock: Clock;
  readonly #onMove: OnBreakerMove;
  readonly #endpointCells: BreakerCells;
  readonly #cloudCells: BreakerCells;

  constructor(table: EndpointTable, block: WorkerBlock, clock: Clock, onMove: OnBreakerMove) {
    this.#table = table;
    this.#block = block;
    this.#clock = clock;
    this.#onMove = onMove;
    this.#endpointCells = endpointBreakers(table);
    this.#cloudCells = cloudBreakers(table);
  }

  /** A permit, or undefined when a breaker refused. */
  admit(target: AdmissionTarget, nowMs = this.#clock.nowMs()): Permit | undefined {
    const at = { nowMs, policy: target.policy };
    const cloudTicket = this.#cloudCells.admit(target.cloudBreaker, at);
    if (cloudTicket === REFUSED) return undefined;
    const endpointTicket = this.#endpointCells.admit(target.row, at);
    if (endpointTicket === REFUSED) {
      // The cloud may have given one of its probes for this; it gets it back.
      this.#cloudCells.report(target.cloudBreaker, cloudTicket, 'abandoned', at);
      return undefined;
    }
    return this.#permit(target, endpointTicket, cloudTicket);
  }

  /** A permit whatever the breakers say: for a request that has nowhere else to go (panic). */
  force(target: AdmissionTarget): Permit {
    const endpointTicket = this.#endpointCells.epoch(target.row);
    return this.#permit(target, endpointTicket, this.#cloudCells.epoch(target.cloudBreaker));
  }

  /** Counts something in flight that does not concern breakers, until the returned function is called. */
  hold(target: AdmissionTarget): () => void {
    this.#countInFlight(target.row, 1);
    return () => this.#countInFlight(target.row, -1);
  }

  /** Whether both breakers are closed, as they nearly always are. */
  areClosed({ row, cloudBreaker }: AdmissionTarget): boolean {
    return this.#endpointCells.isClosed(row) && this.#cloudCells.isClosed(cloudBreaker);
  }

  /** Only for `Permit.settle`. */
  countOut({ row }: AdmissionTarget): void {
    this.#countInFlight(row, -1);
  }

  /** Tells both breakers how a request went; only for permits. */
  report(permit: Permit, settlement: Settlement, nowMs = this.#clock.nowMs(), met?: Met): void {
    const { target } = permit;
    const at = { nowMs, policy: target.policy };
    const move = this.#endpointCells.report(target.row, permit.endpointTicket, settlement, at);
    if (move !== undefined) {
      if (move.to === 'closed') this.#table.live.rampFromMs[target.row] = at.nowMs;
      this.#onMove(target, 'endpoint', move, met);
    }
    if (!this.#concernsCloud(target, settlement)) return;
    const cloudMove = this.#cloudCells.report(target.cloudBreaker, permit.cloudTicket, settlement, at);
    if (cloudMove !== undefined) this.#onMove(target, 'cloud', cloudMove, met);
  }

  #permit(target: AdmissionTarget, endpointTicket: number, cloudTicket: number): Permit {
    this.#countInFlight(target.row, 1);
    return new Permit(this, target, endpointTicket, cloudTicket);
  }

  /** In the table for decisions, and in the thread's own block so that it can be given back if the thread dies. */
  #countInFlight(row: number, change: 1 | -1): void {
    Atomics.add(this.#table.live.inFlight, row, change);
    const own = (this.#block.inFlight[row] as number) + change;
    invariant(own >= 0, 'fewer than none in flight');
    this.#block.inFlight[row] = own;
  }

  #concernsCloud(target: AdmissionTarget, settlement: Settlement): boolean {
    const { cloudWitness } = this.#table.live;
    const index = target.cloudBreaker;
    const witness = cloudWitness[index] as number;
    if (settlement === 'success' && witness !== WITNESS_NONE) cloudWitness[index] = WITNESS_NONE;
    if (settlement !== 'failure' || target.endpointsInCloud === 1) return true;
    if (witness === WITNESS_NONE) cloudWitness[index] = target.row;
    else if (witness !== target.row) cloudWitness[index] = WITNESS_SEVERAL;
    if (cloudWitness[index] === WITNESS_SEVERAL) return true;
    return !lastBeforeOpen(this.#cloudCells, index, target.policy.failures);
  }
}

/** The breakers of endpoints, by row. */
export function endpointBreakers(table: EndpointTable): BreakerCells {
  return new BreakerCells(table.live.breaker, table.live.breakerUntilMs);
}

/** The breakers of clouds, by `cloudBreakerIndex`. */
export function cloudBreakers(table: EndpointTable): BreakerCells {
  return new BreakerCells(table.live.cloudBreaker, table.live.cloudBreakerUntilMs);
}

/** Whether one more failure would open a closed breaker. */
function lastBeforeOpen(cells: BreakerCells, index: number, failures: number): boolean {
  const breaker = cells.read(index);
  return breaker.state === 'closed' && breaker.failures + 1 >= failures;
}
