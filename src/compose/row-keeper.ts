import { ownersOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import { closedAfter } from '../resilience/breaker-cells.ts';
import { cloudNumber } from '../table/cloud-numbers.ts';
import {
  CLOUD_CELLS,
  cloudBreakerIndex,
  type EndpointTable,
  type LiveColumns,
  WITNESS_NONE,
} from '../table/endpoint-table.ts';
import { NO_PLACEMENT, type Placement, place } from '../table/placement.ts';
import { SERVICE_CELLS, SERVICE_COUNTER_CELLS } from '../table/service-cells.ts';
import type { WorkerBlock } from '../table/worker-block.ts';

/**
 * Gives rows to endpoints and takes them back. A row whose endpoint has gone is free again only when every edge thread
 * works with a topology that does not have it, and nothing is in flight on it any more. The slot of a service is when all its
 * rows are, or, where others share them, have been idle. What is late all the same is not heard: breakers go on in the epoch after the last.
 */
export class RowKeeper {
  readonly #table: EndpointTable;
  readonly #blocks: readonly WorkerBlock[];
  readonly #retire: (row: number) => void;
  /** Rows of endpoints that are gone, the version of the deployment that dropped them, the slot of their owner and the number of their cloud. */
  readonly #leaving = new Map<number, Home & { readonly version: number }>();
  /**
   * Slots of services and backends that are gone, the version that dropped them, and those of their rows where others may go on and
   * something of theirs may still be in flight.
   */
  readonly #leavingSlots = new Map<number, { readonly version: number; readonly rows: Set<number> }>();
  #rowsOfSlot: ReadonlyMap<number, readonly number[]> = new Map();
  /** Numbers of clouds that are gone, and the version that dropped them. */
  readonly #leavingClouds = new Map<number, number>();
  #homes: ReadonlyMap<number, Home> = new Map();
  #placement: Placement = NO_PLACEMENT;
  #deployedVersion = 0;

  /** `retire` is called with a row before its cells are made as new, to keep what they counted. */
  constructor(table: EndpointTable, blocks: readonly WorkerBlock[], retire: (row: number) => void) {
    this.#table = table;
    this.#blocks = blocks;
    this.#retire = retire;
  }

  get placement(): Placement {
    return this.#placement;
  }

  /** Places a topology that will be deployed as `version`. Throws a RangeError when it does not fit. */
  place(topology: Topology, version: number): Placement {
    this.#release();
    const busy = {
      rows: new Set(this.#leaving.keys()),
      slots: new Set(this.#leavingSlots.keys()),
      clouds: new Set(this.#leavingClouds.keys()),
    };
    const next = place(topology, this.#placement, busy, this.#table.shared.limits);
    const used = new Set(Object.values(next.placement.rows));
    for (const row of Object.values(this.#placement.rows)) {
      if (!used.has(row)) this.#leaving.set(row, { version, ...(this.#homes.get(row) as Home) });
    }
    for (const [name, slot] of Object.entries(this.#placement.slots)) {
      if (!Object.hasOwn(next.placement.slots, name))
        this.#leavingSlots.set(slot, { version, rows: new Set(this.#rowsOfSlot.get(slot)) });
    }
    const numbers = new Set(Object.values(next.placement.clouds ?? {}));
    for (const number of Object.values(this.#placement.clouds ?? {})) {
      if (number >= CLOUDS.length && !numbers.has(number)) this.#leavingClouds.set(number, version);
    }
    for (const row of next.freshRows) this.#resetRow(row);
    for (const slot of next.freshSlots) this.#resetSlot(slot);
    for (const number of next.freshClouds) {
      for (let slot = 0; slot < this.#table.shared.limits.services; slot += 1) this.#resetCloud(slot, number);
    }
    this.#placement = next.placement;
    this.#homes = homesOf(topology, next.placement);
    this.#rowsOfSlot = rowsOfSlots(topology, next.placement);
    return next.placement;
  }

  /** Every edge thread works with the deployment of this version, or a later one. */
  deployed(version: number): void {
    this.#deployedVersion = version;
    this.#release();
  }

  /** Gives back what a dead edge thread had in flight. */
  threadDied(worker: number): void {
    const block = this.#blocks[worker];
    if (block === undefined) return;
    const rows = new Set([...Object.values(this.#placement.rows), ...this.#leaving.keys()]);
    for (const row of rows) {
      const lost = block.inFlight[row] as number;
      if (lost !== 0) Atomics.sub(this.#table.live.inFlight, row, lost);
    }
    block.inFlight.fill(0);
    forgetHeld(this.#table.live, block);
    block.openStreams[0] = 0;
    block.connections[0] = 0;
    block.handshakes[0] = 0;
    block.requestsNow[0] = 0;
    clearLevels(block);
    block.loopLagMs[0] = Number.NaN;
    block.loopLateMs[0] = Number.NaN;
  }

  #release(): void {
    for (const [row, { version }] of this.#leaving) {
      if (version > this.#deployedVersion || (this.#table.live.inFlight[row] as number) > 0) continue;
      this.#retire(row);
      this.#leaving.delete(row);
    }
    const leaving = [...this.#leaving.values()];
    this.#freeSlots(new Set(leaving.map(({ slot }) => slot)));
    const clouds = new Set(leaving.map(({ cloud }) => cloud));
    for (const [cloud, version] of this.#leavingClouds) {
      if (version <= this.#deployedVersion && !clouds.has(cloud)) this.#leavingClouds.delete(cloud);
    }
  }

  /** Frees slots that no row that is leaving uses any more, nor anything that is in flight on rows that stay. */
  #freeSlots(used: ReadonlySet<number>): void {
    for (const [slot, { version, rows }] of this.#leavingSlots) {
      if (version > this.#deployedVersion) continue;
      // Nobody works with the old topology any more: a row that is idle once has nothing of theirs.
      for (const row of rows) if ((this.#table.live.inFlight[row] as number) <= 0) rows.delete(row);
      if (rows.size === 0 && !used.has(slot)) this.#leavingSlots.delete(slot);
    }
  }

  #resetRow(row: number): void {
    const { live } = this.#table;
    const before = live.breaker[row] as number;
    this.#table.resetRow(row);
    Atomics.store(live.breaker, row, closedAfter(before));
  }

  #resetSlot(slot: number): void {
    this.#table.live.starting[slot] = 0;
    for (let cloud = 0; cloud < CLOUD_CELLS; cloud += 1) this.#resetCloud(slot, cloud);
  }

  #resetCloud(slot: number, cloud: number): void {
    const { live } = this.#table;
    const index = cloudBreakerIndex(slot, cloud);
    Atomics.store(live.cloudBreaker, index, closedAfter(live.cloudBreaker[index] as number));
    live.cloudBreakerUntilMs[index] = 0;
    live.cloudWitness[index] = WITNESS_NONE;
    live.cloudShare[index] = 0;
  }
}

/**
 * Gives back what a dead thread counted against limits on requests under way. Whose clients those were nobody knows any more: all are
 * counted from nothing again, and for a moment some may do more than they should.
 */
function forgetHeld(live: LiveColumns, { limitHeld }: WorkerBlock): void {
  for (const [slot, lost] of limitHeld.entries()) if (lost > 0) Atomics.sub(live.limitHeld, slot, lost);
  if (live.clientHeld.some((held) => held > 0)) live.clientHeld.fill(0);
  limitHeld.fill(0);
}

/** What services had in the thread that has ended, such as copies in its memory. */
function clearLevels({ services }: WorkerBlock): void {
  for (let slot = 0; slot < services.length; slot += SERVICE_CELLS) {
    services.fill(0, slot + SERVICE_COUNTER_CELLS, slot + SERVICE_CELLS);
  }
}

function rowsOfSlots({ services }: Topology, { rows, slots }: Placement): ReadonlyMap<number, readonly number[]> {
  return new Map(
    services.map(({ name, endpoints }) => [slots[name] as number, endpoints.map(({ id }) => rows[id] as number)]),
  );
}

/** Where a row belongs: the slot of its owner and the number of its cloud. */
type Home = { readonly slot: number; readonly cloud: number };

function homesOf(topology: Topology, placement: Placement): ReadonlyMap<number, Home> {
  const { rows, slots } = placement;
  return new Map(
    ownersOf(topology).flatMap(({ name, endpoints }) =>
      endpoints.map(
        ({ id, cloud }) =>
          [rows[id] as number, { slot: slots[name] as number, cloud: cloudNumber(placement, cloud) }] as const,
      ),
    ),
  );
}
