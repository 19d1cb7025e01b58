import type { ClientColumns } from '../../resilience/client-places.ts';
import type { Random } from '../../table/clock.ts';
import type { EndpointTable } from '../../table/endpoint-table.ts';
import { dueCells } from '../../table/limit-cells.ts';
import type { WorkerBlock } from '../../table/worker-block.ts';

/** Where one edge thread counts against limits: the cells that all threads share, and what of them is its own. */
export type LimitCells = {
  readonly due: BigInt64Array;
  readonly held: Int32Array;
  /** Which part of the limit of each service is this edge's; 0: all of it. */
  readonly share: Float64Array;
  /** This thread's counts by service (table/service-cells.ts), where it counts what is asked of a limit that a fleet shares. */
  readonly counts: Float64Array;
  /** This thread's part of `held`. */
  readonly ownHeld: Int32Array;
  readonly clients: ClientColumns;
  /** What keys are hashed with: its first cell. */
  readonly seed: Int32Array;
  /** 1 in its first cell: limits of clients are shared by the edges of a fleet. */
  readonly shared: Int32Array;
};

/** The first thread draws what keys are hashed with, unless the fleet has said it; all others take what it has drawn. */
export function limitCells(
  { live }: Pick<EndpointTable, 'live'>,
  block: Pick<WorkerBlock, 'limitHeld' | 'services'>,
  random: Random,
): LimitCells {
  const drawn = Math.floor(random() * 2 ** 32) | 1;
  Atomics.compareExchange(live.limitSeed, 0, 0, drawn);
  return {
    due: dueCells(live.limitDue),
    held: live.limitHeld,
    share: live.limitShare,
    counts: block.services,
    ownHeld: block.limitHeld,
    clients: {
      key: live.clientKey,
      due: dueCells(live.clientDue),
      held: live.clientHeld,
      asked: live.clientAsked,
      rule: live.clientRule,
      share: live.clientShare,
    },
    seed: live.limitSeed,
    shared: live.clientsShared,
  };
}
