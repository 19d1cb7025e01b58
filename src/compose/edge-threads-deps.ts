import type { ListenAddress } from '../config/topology-listener.ts';
import type { SharedTable } from '../table/endpoint-table.ts';
import type { Emit } from '../table/event.ts';
import type { LineRing } from '../table/line-ring.ts';

/** What the edge threads need of the control thread. */
export type EdgeThreadsDeps = {
  readonly count: number;
  readonly listen: readonly ListenAddress[];
  readonly reusePort: boolean;
  readonly shared: SharedTable;
  readonly emit: Emit;
  /** Whether a thread's bugs are counted and logged; otherwise they end it. */
  readonly tolerant: boolean;
  /** Of each worker block, the ring for its thread's log lines; a thread goes on with that of the one that had the block before. */
  readonly lines: readonly LineRing[];
  /** Called when there are lines in one of them. */
  readonly logged: () => void;
  readonly nowMs: () => number;
  /** How long a thread that failed may finish what it has. */
  readonly drainMs: () => number;
  /** Called when the thread with this block has ended: what it counted in flight is to be given back. */
  readonly died: (block: number) => void;
  /** Called when all threads work with the deployment of this version. */
  readonly deployed: (version: number) => void;
};
