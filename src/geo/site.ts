import type { Place } from '../config/topology.ts';
import type { Point } from './great-circle.ts';
import { EARTH_RADIUS_KM } from './great-circle.ts';
import { HUBS } from './hubs.ts';
import { SUBREGIONS, subregionOf } from './subregions.ts';

/** A place joined to the graph: all that estimates from and to it need. */
export type Site = {
  /** In `SUBREGIONS`. */
  readonly subregion: number;
  /** The nearest hubs, nearest first: their places in `HUBS`, and how far they are. */
  readonly hubs: readonly number[];
  readonly hubKm: readonly number[];
  readonly direction: Vector;
};

type Vector = { readonly x: number; readonly y: number; readonly z: number };

/** A way may begin at any of that many hubs: the nearest is not always on the way. */
export const HUBS_TRIED = 4;

/** Joins a place to the graph. Costs a look at every hub; results are to be kept. */
export function siteOf(place: Place): Site {
  const direction = directionOf(place);
  const hubs = nearestHubs(direction);
  return {
    subregion: SUBREGIONS.indexOf(subregionOf(place)),
    hubs,
    hubKm: hubs.map((hub) => kmOfChord(squaredChord(direction, HUB_DIRECTIONS[hub] ?? direction))),
    direction,
  };
}

/** Great-circle distance between two sites. */
export function siteKm(a: Site, b: Site): number {
  return kmOfChord(squaredChord(a.direction, b.direction));
}

/** Insertion into a short sorted list, by squared chords: these order like distances and cost no arc sine. */
function nearestHubs(direction: Vector): number[] {
  const hubs = new Array<number>(HUBS_TRIED).fill(0);
  const chords = new Array<number>(HUBS_TRIED).fill(Number.POSITIVE_INFINITY);
  for (let hub = 0; hub < HUB_DIRECTIONS.length; hub += 1) {
    const chord = squaredChord(direction, HUB_DIRECTIONS[hub] ?? direction);
    let at = HUBS_TRIED;
    for (; at > 0 && chord < (chords[at - 1] ?? 0); at -= 1) {
      chords[at] = chords[at - 1] ?? 0;
      hubs[at] = hubs[at - 1] ?? 0;
    }
    chords[at] = chord;
    hubs[at] = hub;
  }
  return hubs.slice(0, HUBS_TRIED);
}

function squaredChord(a: Vector, b: Vector): number {
  const [x, y, z] = [a.x - b.x, a.y - b.y, a.z - b.z];
  return x * x + y * y + z * z;
}

/** From the chord between unit vectors: as exact as the haversine and, with the vectors at hand, several times faster. */
function kmOfChord(squared: number): number {
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(squared) / 2));
}

function directionOf({ latitude, longitude }: Point): Vector {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) };
}

const HUB_DIRECTIONS: readonly Vector[] = HUBS.map(directionOf);
