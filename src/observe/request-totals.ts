import { endpointsOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import { DURATION_CELLS } from '../table/service-cells.ts';
import { OUTCOMES, unplacedRow, type WorkerBlock } from '../table/worker-block.ts';
import { type Labels, NONE, OTHER } from './family.ts';

/**
 * What the edge threads counted, added up by region and cloud.
 *
 * Rows of the table are given to other endpoints, counters must never go down, and the cells belong to the threads that
 * write them: the control thread cannot empty a cell without losing to a thread that is just adding to it. So nothing is
 * ever emptied. When a row is retired, what it holds is added to its spot for good, and remembered as the row's *base*,
 * which is subtracted from everything that is read from the row later.
 *
 * A row keeps its endpoint until another one gets it: an endpoint that a reload dropped is still counted while its
 * last requests end.
 */
export type Spot = {
  readonly labels: Labels;
  /** Counted in rows that have been retired since; laid out as `CELL` says. */
  readonly carried: Float64Array;
  /** The largest sum ever shown. Adding in another order may give a last bit less, which would look like a restart. */
  sumMsShown: number;
};

/** What one spot has counted until now. */
export type SpotReading = {
  readonly labels: Labels;
  readonly cells: Float64Array;
  /** Requests now in flight. */
  inFlight: number;
};

/** Where each fact is among the cells of a spot. */
export const CELL = { success: 0, error: 1, sumMs: 2, durations: 3, outcomes: 3 + DURATION_CELLS } as const;
const CELLS = CELL.outcomes + OUTCOMES.length;

/** Regions of clouds that are told apart in the life of a process; those after are one, named `other`. */
export const SPOTS_MAX = 1024;

/** Adds up what the threads have counted, by region and cloud, over reloads: what a counter has shown once never goes down. */
export class RequestTotals {
  readonly #table: EndpointTable;
  readonly #blocks: readonly WorkerBlock[];
  readonly #spots = new Map<string, Spot>();
  readonly #endpoints = new Map<number, { readonly id: string; readonly spot: Spot }>();
  readonly #bases = new Map<number, Float64Array>();

  constructor(table: EndpointTable, blocks: readonly WorkerBlock[]) {
    this.#table = table;
    this.#blocks = blocks;
    this.#endpoints.set(unplacedRow(table.shared.limits), { id: '', spot: this.spotOf(NONE, NONE) });
  }

  /** Learns which endpoint has which row now. A row that changed hands without `retire` is retired here. */
  follow(topology: Topology, placement: Placement): void {
    for (const { id, region, cloud } of endpointsOf(topology)) {
      const row = placement.rows[id];
      if (row === undefined || this.#endpoints.get(row)?.id === id) continue;
      this.retire(row);
      this.#endpoints.set(row, { id, spot: this.spotOf(region, cloud) });
    }
  }

  /** Settles what a row has counted, before it is given to another endpoint. A row without one is left alone. */
  retire(row: number): void {
    const endpoint = this.#endpoints.get(row);
    if (endpoint === undefined) return;
    this.#endpoints.delete(row);
    const counted = this.readRow(row);
    addTo(endpoint.spot.carried, counted);
    const base = this.#bases.get(row) ?? new Float64Array(CELLS);
    addTo(base, counted);
    this.#bases.set(row, base);
  }

  /** The region and cloud that a series is shown under. */
  spotOf(region: string, cloud: string): Spot {
    const key = `${cloud}/${region}`;
    const known = this.#spots.get(key);
    if (known !== undefined) return known;
    if (this.#spots.size >= SPOTS_MAX && region !== OTHER) return this.spotOf(OTHER, cloud);
    const spot = { labels: { region, cloud }, carried: new Float64Array(CELLS), sumMsShown: 0 };
    this.#spots.set(key, spot);
    return spot;
  }

  /** Every spot that ever was, with all that was ever counted there. */
  read(): readonly SpotReading[] {
    const { inFlight } = this.#table.live;
    const readings = new Map<Spot, SpotReading>();
    for (const spot of this.#spots.values()) {
      readings.set(spot, { labels: spot.labels, cells: Float64Array.from(spot.carried), inFlight: 0 });
    }
    for (const [row, { spot }] of this.#endpoints) {
      const reading = readings.get(spot) as SpotReading;
      addTo(reading.cells, this.readRow(row));
      reading.inFlight += inFlight[row] ?? 0;
    }
    for (const [spot, { cells }] of readings) {
      spot.sumMsShown = Math.max(spot.sumMsShown, cells[CELL.sumMs] as number);
      cells[CELL.sumMs] = spot.sumMsShown;
    }
    return [...readings.values()];
  }

  /** What a row has counted since it was last retired, which is since its endpoint has it; laid out as `CELL` says. */
  readRow(row: number): Float64Array {
    const cells = new Float64Array(CELLS);
    for (const block of this.#blocks) addRow(cells, block, row);
    const base = this.#bases.get(row);
    if (base !== undefined) for (let i = 0; i < CELLS; i += 1) cells[i] = (cells[i] as number) - (base[i] as number);
    return cells;
  }
}

function addRow(cells: Float64Array, block: WorkerBlock, row: number): void {
  add(cells, CELL.success, block.requestsSuccess[row]);
  add(cells, CELL.error, block.requestsError[row]);
  add(cells, CELL.sumMs, block.durationSumMs[row]);
  for (let i = 0; i < DURATION_CELLS; i += 1) add(cells, CELL.durations + i, block.durations[row * DURATION_CELLS + i]);
  for (let i = 0; i < OUTCOMES.length; i += 1) add(cells, CELL.outcomes + i, block.outcomes[row * OUTCOMES.length + i]);
}

function add(cells: Float64Array, index: number, by: number | undefined): void {
  cells[index] = (cells[index] as number) + (by as number);
}

function addTo(sum: Float64Array, more: Float64Array): void {
  for (let i = 0; i < CELLS; i += 1) add(sum, i, more[i]);
}
