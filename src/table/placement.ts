import { ownEntry } from '../config/own-entry.ts';
import type { Topology } from '../config/topology.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import { flagsOfRules } from '../config/topology-match.ts';
import { CLOUD_CELLS, FLAGS_MAX, type TableLimits } from './endpoint-table.ts';

/**
 * Which row of the table each endpoint has, which slot each service, and which cell each flag that rules go by. What a reload keeps, keeps its row, and with it
 * health, latency, breakers and requests in flight.
 */
export type Placement = {
  readonly rows: Readonly<Record<string, number>>;
  readonly slots: Readonly<Record<string, number>>;
  /** Those that rules went by before are among them: they keep their cells for good. Left out: there are none. */
  readonly flags?: Readonly<Record<string, number>>;
  /** The number of each cloud, the three included. Left out: there are no others. */
  readonly clouds?: Readonly<Record<string, number>>;
};

export const NO_PLACEMENT: Placement = { rows: {}, slots: {} };

/** Rows, slots and numbers of clouds of which something may still be heard. */
export type Busy = {
  readonly rows: ReadonlySet<number>;
  readonly slots: ReadonlySet<number>;
  readonly clouds?: ReadonlySet<number>;
};

export const NOT_BUSY: Busy = { rows: new Set(), slots: new Set() };

export type Replacement = {
  readonly placement: Placement;
  /** Rows, slots and numbers that the new topology uses for the first time: to be reset before anybody gets to know them. */
  readonly freshRows: readonly number[];
  readonly freshSlots: readonly number[];
  readonly freshClouds: readonly number[];
};

/**
 * Places the endpoints of `topology`, keeping those of `previous`. `busy` are rows and slots that nobody has any more but
 * that still have requests in flight; they are given to nobody, and neither is what this reload drops. Throws a
 * RangeError when the table is full.
 */
export function place(topology: Topology, previous: Placement, busy: Busy, limits: TableLimits): Replacement {
  const ids = topology.services.flatMap((service) => service.endpoints.map((endpoint) => endpoint.id));
  const names = topology.services.map((service) => service.name);
  const rows = assign(ids, previous.rows, busy.rows, limits.rows);
  const slots = assign(names, previous.slots, busy.slots, limits.services);
  const clouds = assignClouds(topology, previous, busy);
  return {
    placement: { rows: rows.places, slots: slots.places, ...flagsOf(topology, previous), ...clouds?.placed },
    freshRows: rows.fresh,
    freshSlots: slots.fresh,
    freshClouds: clouds?.fresh ?? [],
  };
}

/** The three have their numbers anyway; undefined when there are no others. */
function assignClouds({ clouds }: Topology, previous: Placement, busy: Busy) {
  if (clouds.length === CLOUDS.length) return undefined;
  const before = { ...THREE, ...previous.clouds };
  const { places, fresh } = assign(clouds, before, busy.clouds ?? NONE, CLOUD_CELLS);
  return { placed: { clouds: places }, fresh };
}

const THREE: Readonly<Record<string, number>> = Object.fromEntries(CLOUDS.map((cloud, number) => [cloud, number]));
const NONE: ReadonlySet<number> = new Set();

/** Where nothing goes by a flag, nothing is said of them. */
function flagsOf({ services }: Topology, { flags = {} }: Placement): Pick<Placement, 'flags'> {
  const names = new Set([...Object.keys(flags), ...flagsOfRules(services)]);
  if (names.size === 0) return {};
  if (names.size > FLAGS_MAX) {
    throw new RangeError(`rules of match have gone by more than ${FLAGS_MAX} flags since the start; restart this edge`);
  }
  return { flags: Object.fromEntries([...names].map((name, cell) => [name, cell])) };
}

function assign(
  names: readonly string[],
  previous: Readonly<Record<string, number>>,
  busy: ReadonlySet<number>,
  max: number,
): { places: Record<string, number>; fresh: number[] } {
  const places = Object.create(null) as Record<string, number>;
  // A row that is dropped now is still in use by threads that have not heard of it.
  const taken = new Set([...busy, ...Object.values(previous)]);
  for (const name of names) {
    const kept = ownEntry(previous, name);
    if (kept === undefined) continue;
    places[name] = kept;
    taken.add(kept);
  }
  const fresh: number[] = [];
  let next = 0;
  for (const name of names) {
    if (places[name] !== undefined) continue;
    while (taken.has(next)) next += 1;
    if (next >= max)
      throw new RangeError(`more than ${max} endpoints, services or clouds, counting those that still drain`);
    places[name] = next;
    taken.add(next);
    fresh.push(next);
  }
  return { places, fresh };
}
