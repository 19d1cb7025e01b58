import type { Place } from '../config/topology.ts';
import type { WeightedPoint } from './country-points.ts';
import { readFactors } from './factors.ts';
import { FITTED_FACTORS } from './fitted-factors.ts';
import { Network } from './network.ts';
import type { Site } from './site.ts';
import { siteOf } from './site.ts';

/**
 * Milliseconds that a round trip between two places is expected to take from server to server; a client's own last mile
 * comes on top and is the same to every region. Symmetric, finite, at least the time of light in fibre. The model and
 * its measured errors are in docs/decisions/0010-latency-model.md.
 */
export function estimateRttMs(from: Place, to: Place): number {
  return NETWORK.rttMs(joined(from), joined(to));
}

/** The mean estimate over the places where a client may be, weighted by their shares. `points` has at least one. */
export function expectedRttMs(points: readonly WeightedPoint[], to: Place): number {
  let sum = 0;
  for (const point of points) sum += point.weight * estimateRttMs(point, to);
  return sum;
}

const NETWORK = new Network(readFactors(FITTED_FACTORS));

/** Places are frozen and asked for again and again; joining one to the graph is the larger part of an estimate. */
const SITES = new WeakMap<Place, Site>();

function joined(place: Place): Site {
  const known = SITES.get(place);
  if (known !== undefined) return known;
  const site = siteOf(place);
  SITES.set(place, site);
  return site;
}
