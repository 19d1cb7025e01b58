import { clientName } from '../resilience/client-places.ts';
import { askedMean, isTold } from '../resilience/client-share.ts';
import { type Asked, followed, followMs } from '../resilience/fleet-share.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import { LIMIT_KEYS, NO_KEY } from '../table/limit-cells.ts';

/** The limit of a rule for clients. */
export type ClientRate = { readonly service: string; readonly requestsPerSecond: number };

/** A client that is to be told of. */
export type ToldClient = {
  readonly name: number;
  readonly at: number;
  readonly service: string;
  /** What it asks here, in parts of its limit. */
  readonly demand: Asked;
};

export type Measure = {
  /** By number of the rule; those that edges share. */
  readonly rates: ReadonlyMap<number, ClientRate>;
  /** What the others told of a client, in parts of its limit. */
  readonly others: (name: number) => number;
  /** This one included. */
  readonly edges: number;
  readonly elapsedMs: number;
};

/** Clients of one service that are told of at most: the heaviest. */
export const SERVICE_TOLD_MAX = 64;

/**
 * How much clients ask, by what edge threads count at their places (`clientAsked`). All places are looked at, once a report: a place keeps a mean of what is asked
 * there, so that a client of a slow limit is found, too, of which hardly ever anything comes between two looks. Belongs to the control thread.
 */
export class ClientMeter {
  readonly #columns: Pick<LiveColumns, 'clientKey' | 'clientAsked' | 'clientRule'>;
  /** By place: whose it was at the last look, what had been counted by then, and the mean of what is asked, in parts of the limit. */
  readonly #owners = new Int32Array(LIMIT_KEYS);
  readonly #counts = new Int32Array(LIMIT_KEYS);
  readonly #means = new Float32Array(LIMIT_KEYS);
  /** The demand of those that were told of at the last look, by name. */
  #told = new Map<number, Asked>();

  constructor(columns: Pick<LiveColumns, 'clientKey' | 'clientAsked' | 'clientRule'>) {
    this.#columns = columns;
  }

  /** Those to tell of, the heaviest first. */
  look(measure: Measure): readonly ToldClient[] {
    const { clientKey, clientAsked, clientRule } = this.#columns;
    const weights = weightsOf(measure);
    const heaviest = new Map<string, ToldClient[]>();
    for (let at = 0; at < LIMIT_KEYS; at += 1) {
      const count = clientAsked[at] as number;
      const counted = this.#counts[at] as number;
      if (count === counted && this.#means[at] === 0) continue;
      const owner = clientKey[at] as number;
      const isNew = owner !== this.#owners[at];
      this.#owners[at] = owner;
      this.#counts[at] = count;
      const weight = weights.get(clientRule[at] as number);
      if (weight === undefined || owner === NO_KEY) {
        this.#means[at] = 0;
        continue;
      }
      // Who makes a place begins to count at 0 there.
      const seen = Math.max(0, isNew ? count : (count - counted) | 0);
      const before = isNew ? 0 : (this.#means[at] as number) / weight.each;
      const { mean: requests, jumped } = askedMean(before, seen, weight.forget);
      const mean = requests * weight.each;
      this.#means[at] = mean < weight.nothing ? 0 : mean;
      if (this.#means[at] === 0) continue;
      const name = clientName(at, owner);
      if (isTold(mean, measure.others(name), measure.edges)) {
        const was = jumped ? undefined : this.#told.get(name);
        const demand =
          was === undefined
            ? { quick: mean, steady: mean }
            : followed(was, seen * weight.each, measure.elapsedMs, weight.perSecond);
        keep(heaviest, { name, at, service: weight.service, demand });
      }
    }
    const told = [...heaviest.values()].flatMap((all) => byWeight(all).slice(0, SERVICE_TOLD_MAX));
    this.#told = new Map(told.map(({ name, demand }) => [name, demand]));
    return byWeight(told);
  }
}

/** What a request under a rule weighs, in parts of the limit over the time since the last look; how much of the old mean is forgotten; below which it is nothing. */
type Weight = {
  readonly service: string;
  readonly perSecond: number;
  readonly each: number;
  readonly forget: number;
  readonly nothing: number;
};

/** So many requests, in the mean, are as good as none. */
const NOTHING_REQUESTS = 0.02;

function weightsOf({ rates, elapsedMs }: Measure): ReadonlyMap<number, Weight> {
  return new Map(
    [...rates].map(([rule, { service, requestsPerSecond }]) => {
      const overMs = followMs(requestsPerSecond);
      const nothing = (NOTHING_REQUESTS * 1000) / (requestsPerSecond * overMs);
      const [each, forget] = [1000 / (requestsPerSecond * elapsedMs), 1 - Math.exp(-elapsedMs / overMs)];
      return [rule, { service, perSecond: requestsPerSecond, each, forget, nothing }];
    }),
  );
}

/** Keeps some more than are told of, and lets the lightest go now and then: a flood of clients is not sorted as a whole. */
function keep(heaviest: Map<string, ToldClient[]>, candidate: ToldClient): void {
  const all = heaviest.get(candidate.service);
  if (all === undefined) heaviest.set(candidate.service, [candidate]);
  else if (all.push(candidate) >= 4 * SERVICE_TOLD_MAX) {
    heaviest.set(candidate.service, byWeight(all).slice(0, SERVICE_TOLD_MAX));
  }
}

function byWeight(clients: readonly ToldClient[]): ToldClient[] {
  return clients.toSorted((a, b) => b.demand.quick - a.demand.quick || a.name - b.name);
}
