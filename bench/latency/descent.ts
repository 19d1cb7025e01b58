import type { Factors } from '../../src/geo/factors.ts';
import { KM_PER_ROUND_TRIP_MS } from '../../src/geo/great-circle.ts';
import { LINKS } from '../../src/geo/links.ts';
import { Network, nearbyShare } from '../../src/geo/network.ts';
import type { Pair } from './measurements.ts';
import type { Parameters } from './parameters.ts';
import { ACCESS, BASE, DIRECT, factorsOf, LEG, LINK, OFFSET, pairParameter, typicalParameters } from './parameters.ts';

/*
 * Fits the factors to measured pairs by gradient descent (Adam). What is minimised is the sum, over the pairs, of
 * sqrt(1 + z^2), where z is the error as a multiple of what is tolerable: 2 ms and three tenths of the round trip. It is
 * linear in large errors, so that odd measurements do not pull. The way of every pair is found anew every 20 rounds with
 * the factors of the moment, and is held in between: then the estimate is a smooth function of the parameters.
 */
const ROUNDS = 500;
const ROUNDS_PER_ROUTING = 20;
const STEP = 0.02;
/** Pairs between cloud regions are few, well measured, and what requests travel. */
const CLOUD_WEIGHT = 12;
const TOLERABLE_SHARE = 0.3;
const TOLERABLE_MS = 2;

export function fit(pairs: readonly Pair[]): Factors {
  const nodes = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const indexes = new Map(nodes.map((node, index) => [node, index]));
  const parameters = typicalParameters(nodes.length);
  const adam = new Adam(parameters);
  let ways: Way[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % ROUNDS_PER_ROUTING === 0) {
      const network = new Network(factorsOf(parameters));
      ways = pairs.map((pair) => wayOf(pair, network, [indexes.get(pair.a) ?? 0, indexes.get(pair.b) ?? 0]));
    }
    // The last two thirds go slower and slower, so that the end is a point and not a dance around it.
    adam.step(gradient(parameters, ways), STEP * Math.min(1, 3 * (1 - round / ROUNDS)));
  }
  return factorsOf(parameters);
}

/** A pair's estimate as a function of the parameters: `ends` are added, `parts` summed and multiplied by `factor`. */
type Way = {
  readonly pair: Pair;
  readonly weight: number;
  readonly ends: readonly number[];
  readonly endsShare: number;
  readonly offsets: readonly [number, number];
  readonly factor: number;
  /** Milliseconds in fibre, times the exponential of the sum of the parameters, each counted by `power`. */
  readonly parts: readonly { readonly ms: number; readonly parameters: readonly number[]; readonly power: number }[];
};

function wayOf(pair: Pair, network: Network, nodes: readonly [number, number]): Way {
  const [a, b] = [pair.a.site, pair.b.site];
  const { hubs } = network.route(a, b, pair.km);
  const [legA, legB] = [LEG + a.subregion, LEG + b.subregion];
  const part = (km: number, parameter: number) => ({
    ms: km / KM_PER_ROUND_TRIP_MS,
    parameters: [parameter],
    power: 1,
  });
  // The direct way is the geometric mean of the legs, times DIRECT: every logarithm counts half, DIRECT twice that.
  const direct = {
    ms: pair.km / KM_PER_ROUND_TRIP_MS,
    parameters: [legA, legB, DIRECT, DIRECT],
    power: 0.5,
  };
  const through = (from: number, to: number) => [
    part(a.hubKm[from] ?? 0, legA),
    part(b.hubKm[to] ?? 0, legB),
    ...network.linksBetween(a.hubs[from] ?? 0, b.hubs[to] ?? 0).map((link) => part(LINKS[link]?.km ?? 0, LINK + link)),
  ];
  return {
    pair,
    weight: pair.cloud ? CLOUD_WEIGHT : 1,
    ends: [BASE, ACCESS + (a.hubs[0] ?? 0), ACCESS + (b.hubs[0] ?? 0)],
    endsShare: nearbyShare(pair.km),
    offsets: [OFFSET + nodes[0], OFFSET + nodes[1]],
    factor: pairParameter(a.subregion, b.subregion),
    parts: hubs === undefined ? [direct] : through(hubs.from, hubs.to),
  };
}

function gradient({ values, typical, pull }: Parameters, ways: readonly Way[]): Float64Array {
  const slope = values.map((value, index) => 2 * (pull[index] ?? 0) * (value - (typical[index] ?? 0)));
  const add = (index: number, amount: number): void => {
    slope[index] = (slope[index] ?? 0) + amount;
  };
  for (const way of ways) {
    const factor = Math.exp(values[way.factor] ?? 0);
    const partsMs = way.parts.map(({ ms, parameters, power }) => ms * Math.exp(power * total(values, parameters)));
    const pathMs = factor * partsMs.reduce((sum, ms) => sum + ms, 0);
    const estimate = way.endsShare * total(values, way.ends) + total(values, way.offsets) + pathMs;
    const tolerable = TOLERABLE_SHARE * way.pair.ms + TOLERABLE_MS;
    const z = (estimate - way.pair.ms) / tolerable;
    const perMs = ((z / Math.sqrt(1 + z * z)) * way.weight) / tolerable;
    for (const index of way.ends) add(index, perMs * way.endsShare);
    for (const index of way.offsets) add(index, perMs);
    add(way.factor, perMs * pathMs);
    for (const [at, { parameters, power }] of way.parts.entries()) {
      for (const index of parameters) add(index, perMs * factor * power * (partsMs[at] ?? 0));
    }
  }
  return slope;
}

function total(values: Float64Array, indexes: readonly number[]): number {
  let sum = 0;
  for (const index of indexes) sum += values[index] ?? 0;
  return sum;
}

/** Kingma and Ba 2014, with the second moment's decay at 0.99: there are hundreds of steps, not thousands. */
class Adam {
  readonly #parameters: Parameters;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(parameters: Parameters) {
    this.#parameters = parameters;
    this.#first = new Float64Array(parameters.values.length);
    this.#second = new Float64Array(parameters.values.length);
  }

  step(slope: Float64Array, size: number): void {
    const { values, stride, floor } = this.#parameters;
    this.#steps += 1;
    for (const [index, value] of slope.entries()) {
      const first = 0.9 * (this.#first[index] ?? 0) + 0.1 * value;
      const second = 0.99 * (this.#second[index] ?? 0) + 0.01 * value * value;
      this.#first[index] = first;
      this.#second[index] = second;
      const direction = first / (1 - 0.9 ** this.#steps) / (Math.sqrt(second / (1 - 0.99 ** this.#steps)) + 1e-6);
      const next = (values[index] ?? 0) - size * (stride[index] ?? 1) * direction;
      values[index] = Math.max(floor[index] ?? 0, next);
    }
  }
}
