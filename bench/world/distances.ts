import { fileURLToPath } from 'node:url';
import type { Place } from '../../src/config/topology.ts';
import { estimateRttMs } from '../../src/geo/estimate.ts';
import { greatCircleKm } from '../../src/geo/great-circle.ts';
import { readMeasurements } from '../latency/measurements.ts';
import { Dice } from './dice.ts';

/** A measured node stands for places within this distance of it. */
const NEAR_KM = 250;
/** Two places that are nearer to each other than this share a city: the way is that of a metropolitan network. */
const SAME_CITY_KM = 60;
const SAME_CITY_MS = 1.5;
/** Added per km between a place and the node that stands for it: light in fibre, there and back, with its detours. */
const MS_PER_KM = 0.015;
/** Where nothing was measured: how far the truth is from the estimate, as the standard deviation of its logarithm. */
const NOISE = 0.15;

/**
 * How long a round trip between two places takes in truth. It is a measured one where both places are near measured regions of
 * one cloud; elsewhere it is the product's estimate with noise that stays the same in one world. So the product's own
 * estimate is wrong about most pairs, as it is in life. Symmetric.
 */
export class Distances {
  readonly #seed: number;
  readonly #known = new Map<string, number>();
  readonly #near = new Map<string, readonly Near[]>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  rttMs(from: Place, to: Place): number {
    const [a, b] = [keyOf(from), keyOf(to)];
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const ms = this.#find(from, to, key);
    this.#known.set(key, ms);
    return ms;
  }

  #find(from: Place, to: Place, key: string): number {
    if (greatCircleKm(from, to) < SAME_CITY_KM) return SAME_CITY_MS;
    const measured = this.#measured(from, to);
    if (measured !== undefined) return measured;
    return Math.max(SAME_CITY_MS, new Dice(this.#seed, hashOf(key)).lognormal(estimateRttMs(from, to), NOISE));
  }

  /** By the pair of nodes of one cloud that are nearest to the two places. */
  #measured(from: Place, to: Place): number | undefined {
    let best: number | undefined;
    let bestKm = Number.POSITIVE_INFINITY;
    for (const a of this.#nearTo(from)) {
      for (const b of this.#nearTo(to)) {
        const ms = MEASURED.get(`${a.name} ${b.name}`);
        if (ms === undefined || a.km + b.km >= bestKm) continue;
        bestKm = a.km + b.km;
        best = ms + bestKm * MS_PER_KM;
      }
    }
    return best;
  }

  #nearTo(place: Place): readonly Near[] {
    const key = keyOf(place);
    const known = this.#near.get(key);
    if (known !== undefined) return known;
    const found = [...NODES]
      .map(([name, node]) => ({ name, km: greatCircleKm(node, place) }))
      .filter(({ km }) => km <= NEAR_KM);
    this.#near.set(key, found);
    return found;
  }
}

type Near = { readonly name: string; readonly km: number };

const PAIRS = readMeasurements(fileURLToPath(new URL('../latency/data', import.meta.url)));
const NODES: ReadonlyMap<string, Place> = new Map(
  PAIRS.flatMap(({ a, b }) => [[a.name, a] as const, [b.name, b] as const]),
);
const MEASURED: ReadonlyMap<string, number> = new Map(
  PAIRS.flatMap(({ a, b, ms }) => [[`${a.name} ${b.name}`, ms] as const, [`${b.name} ${a.name}`, ms] as const]),
);

function keyOf({ latitude, longitude }: Place): string {
  return `${latitude},${longitude}`;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
