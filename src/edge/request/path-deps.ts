import type { Endpoint } from '../../config/topology.ts';
import type { Whereabouts } from '../../geo/locate.ts';
import type { Admission } from '../../resilience/admission.ts';
import type { Live } from '../../routing/ask.ts';
import type { AccessRecord } from '../../table/access-record.ts';
import type { Clock, Random } from '../../table/clock.ts';
import type { FaultPlanner } from '../../table/fault-plan.ts';
import type { Quality, Source } from '../../table/quality.ts';
import type { WorkerBlock } from '../../table/worker-block.ts';
import type { LimitCells } from './limit-cells.ts';
import type { World } from './world.ts';

/** What the request path needs of the rest of the house; handed in by compose, one set per edge thread. */
export type PathDeps = {
  readonly world: () => World;
  readonly locate: (address: string) => Whereabouts;
  /** The geo database in use: what was located with another one is to be located again. */
  readonly geo: () => object;
  readonly live: Live;
  readonly admission: Admission;
  /** Where requests are counted that limits are for. */
  readonly limits: LimitCells;
  readonly block: WorkerBlock;
  /** The block's row for requests that reached no endpoint. */
  readonly unplacedRow: number;
  readonly clock: Clock;
  readonly random: Random;
  /** The wall clock in ms, for what outlives this process; the system's where it is left out. */
  readonly wallMs?: () => number;
  /** Plans the faults of experiments; without it there are none. */
  readonly chaos?: FaultPlanner | undefined;
  readonly failedOver: (from: Endpoint, to: Endpoint, reason: string) => void;
  /** Called for every attempt that failed because this machine had run out of something. */
  readonly shortOf?: (code: string) => void;
  readonly panicked: (service: string) => void;
  /** Called for an answer from another step of a ladder than the first. */
  readonly degraded?: (service: string, source: Source, quality: Quality | 'none') => void;
  /** Called once per request when access logging is on. */
  readonly accessLog: ((record: AccessRecord) => void) | undefined;
};
