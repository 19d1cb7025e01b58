import type { EndpointTable } from '../table/endpoint-table.ts';
import { WITNESS_NONE } from '../table/endpoint-table.ts';
import { type AdmissionTarget, type BreakerScope, cloudBreakers, endpointBreakers } from './admission.ts';
import type { BreakerCells, BreakerMove } from './breaker-cells.ts';

/** Whose breakers a check speaks to. */
export type CheckedTarget = Omit<AdmissionTarget, 'endpointsInCloud'>;

/**
 * What health checks say to breakers. Requests find out best, but there may be none: a service that only gets POSTs would have
 * no probe, and an endpoint that nobody needs would be said to be open for ever. So once a breaker has been open for its
 * time, each check that passes counts like a probe that succeeded, as long as no probe is out.
 */
export class CheckWitness {
  readonly #table: EndpointTable;
  readonly #onMove: (target: CheckedTarget, scope: BreakerScope, move: BreakerMove) => void;
  readonly #endpoints: BreakerCells;
  readonly #clouds: BreakerCells;

  constructor(table: EndpointTable, onMove: (target: CheckedTarget, scope: BreakerScope, move: BreakerMove) => void) {
    this.#table = table;
    this.#onMove = onMove;
    this.#endpoints = endpointBreakers(table);
    this.#clouds = cloudBreakers(table);
  }

  /** A check of an endpoint has passed. */
  passed(target: CheckedTarget, nowMs: number): void {
    const at = { nowMs, policy: target.policy };
    const move = this.#endpoints.vouch(target.row, at);
    if (move !== undefined) {
      if (move.to === 'closed') this.#table.live.rampFromMs[target.row] = nowMs;
      this.#onMove(target, 'endpoint', move);
    }
    const cloudMove = this.#clouds.vouch(target.cloudBreaker, at);
    if (cloudMove === undefined) return;
    if (cloudMove.to === 'closed') this.#table.live.cloudWitness[target.cloudBreaker] = WITNESS_NONE;
    this.#onMove(target, 'cloud', cloudMove);
  }

  /**
   * An endpoint that its checks had found down is up again. What its requests met was the same outage, and that is over: open
   * breakers need not wait for the rest of their time, and the next requests find out.
   */
  recovered({ row, cloudBreaker }: CheckedTarget, nowMs: number): void {
    this.#endpoints.expire(row, nowMs);
    this.#clouds.expire(cloudBreaker, nowMs);
  }

  /** Until a check could be of use to a breaker, in ms; 0 when it could be now, infinite when both are closed. */
  untilUsefulMs(target: CheckedTarget, nowMs: number): number {
    const endpointMs = this.#endpoints.untilVouchMs(target.row, nowMs);
    return Math.min(endpointMs, this.#clouds.untilVouchMs(target.cloudBreaker, nowMs));
  }
}
