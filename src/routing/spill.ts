import type { Service } from '../config/topology.ts';

/**
 * A waterfall with a brake. From `spillAt` of its capacity on an endpoint goes behind those that have room, here or in the next region or tier, so that
 * load runs over as water does and not at once. What is not its own (see overflow.ts) it takes up to `overflow` only: the rest is kept for those whose
 * nearest it is. From `shedAt` on it gets nothing more from anybody. And when less than `panicBelow` of the capacity of every tier is
 * healthy, health is disregarded (disregard.ts): what seems well then gets its part and not everything.
 */
export type Brake = {
  readonly spillAt: number;
  readonly shedAt: number;
  /** By position; undefined when no endpoint has such a bound. */
  readonly overflow: Float64Array | undefined;
  readonly panicBelow: number;
  /** Whether an endpoint gets no more than was learned that it bears. */
  readonly learns: boolean;
};

/** Undefined for a service that lets everything run as its scores say. */
export function brakeOf({ routing, endpoints }: Pick<Service, 'routing' | 'endpoints'>): Brake | undefined {
  const { spillAt, shedAt, overflowMax, panicBelow, inFlightMax } = routing;
  const learns = inFlightMax === 'learned';
  const overflow = Float64Array.from(endpoints, (endpoint) => endpoint.overflowMax ?? overflowMax);
  const bounded = overflow.some((max) => max !== Number.POSITIVE_INFINITY);
  const isOff = spillAt === Number.POSITIVE_INFINITY && shedAt === Number.POSITIVE_INFINITY;
  if (isOff && !bounded && panicBelow === 0 && !learns) return undefined;
  return { spillAt, shedAt, overflow: bounded ? overflow : undefined, panicBelow, learns };
}
