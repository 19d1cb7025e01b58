import { placeOfEndpoint } from '../config/endpoint-id.ts';
import { ownEntry } from '../config/own-entry.ts';
import { endpointsOf, ownersOf } from '../config/owners.ts';
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
  const ids = endpointsOf(topology).map(({ id }) => id);
  const names = [...new Set([...topology.services, ...ownersOf(topology)].map(({ name }) => name))];
  const rows = assign(ids, { ...renamed(ids, previous.rows), ...previous.rows }, busy.rows, limits.rows);
  const slots = assign(names, previous.slots, busy.slots, limits.services);
  const clouds = assignClouds(topology, previous, busy);
  return {
    placement: { rows: rows.places, slots: slots.places, ...flagsOf(topology, previous), ...clouds?.placed },
    freshRows: rows.fresh,
    freshSlots: slots.fresh,
    freshClouds: clouds?.fresh ?? [],
  };
}

/**
 * Rows of endpoints that are gone, by the ids of those that now stand where they stood: an endpoint that only goes by the name of another
 * service or backend is the same one, and what is known of it stays true.
 */
function renamed(ids: readonly string[], previous: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const stay = new Set(ids);
  const gone = new Map<string, number>();
  for (const [id, row] of Object.entries(previous)) {
    const place = placeOfEndpoint(id);
    if (!stay.has(id) && !gone.has(place)) gone.set(place, row);
  }
  const taken = Object.create(null) as Record<string, number>;
  if (gone.size === 0) return taken;
  for (const id of ids) {
    const place = placeOfEndpoint(id);
    const row = ownEntry(previous, id) === undefined ? gone.get(place) : undefined;
    if (row === undefined) continue;
    taken[id] = row;
    gone.delete(place);
  }
  return taken;
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
