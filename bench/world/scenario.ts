import type { WorldMap } from './map.ts';
import type { Simulation } from './simulation.ts';

/** What happens in a world, and over which time figures are taken. Times are from the start, in ms. */
export type Scenario = {
  readonly name: string;
  /** What is changed from outside, and when. */
  readonly acts: readonly { readonly atMs: number; readonly act: (world: Simulation) => void }[];
  readonly measureFromMs: number;
  readonly endMs: number;
  /** Load is held against chance within slices of this length, in this part of the time: demand is the same within each. */
  readonly waver: { readonly fromMs: number; readonly toMs: number; readonly sliceMs: number };
  /** Endpoints that something is wrong with, from when to when. */
  readonly fault: { readonly endpoints: readonly number[]; readonly fromMs: number; readonly toMs: number } | undefined;
  /** How far an operator is wrong about the endpoints: 2 declares twice of what is true. */
  readonly declared: number;
};

/** How long the parts of a scenario last, in ms. A world with a higher rate needs less time for as many requests. */
export type Times = {
  /** Before anything is measured. */
  readonly warmMs: number;
  /** Measured before anything happens. */
  readonly baseMs: number;
  readonly faultMs: number;
  readonly afterMs: number;
  /** Of a scenario in which nothing happens. */
  readonly steadyMs: number;
  /** An hour of the day. */
  readonly hourMs: number;
};

/** A scenario, before it is known in which world it takes place. */
export type Plan = {
  readonly name: string;
  readonly edges: 1 | 6;
  readonly of: (map: WorldMap, times: Times) => Scenario;
};
