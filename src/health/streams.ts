import { NO_SET } from '../routing/split.ts';
import type { ServiceView } from '../routing/view.ts';
import { CLIENT_REGIONS } from '../table/assigned-cells.ts';

/** An origin with fewer requests a second is not worth a line of its own: the best is chosen for each of them. */
export const RATE_MIN = 0.05;

/** Requests that may go to the same endpoints and are equally far from each: from one origin, and, where a split draws sets, for one set. */
export type Stream = {
  /** See `originCell`. */
  readonly cell: number;
  readonly set: number;
  /** Requests a second. */
  readonly rate: number;
  /** 1 for each endpoint that they are assigned to, by position. */
  readonly may: Uint8Array;
};

/** What streams are told apart by, beside what is usable now. */
export type Demand = {
  /** Requests a second from each origin. */
  readonly rates: Float64Array;
  /** What fences leave to clients, see `fenceClasses`. */
  readonly classes: readonly Uint8Array[];
};

/**
 * The streams of a service. Each goes to those endpoints that a request of it would choose among: that fences leave to its client, of its set, and
 * of the first tier of the file that has anybody usable. `usable` is 1 for endpoints that stand as well as any. A set that has none leaves its requests
 * to the other sets, as a decision does. One with nobody at all gets no stream: nothing is assigned to it.
 */
export function streamsOf(view: ServiceView, usable: Uint8Array, { rates, classes }: Demand): readonly Stream[] {
  const sets = partsOf(view);
  // The same for all regions of a class.
  const masks = classes.map((allowed) => sets.map(({ set }) => mayOf(view, usable, allowed, set)));
  const streams: Stream[] = [];
  for (const [cell, rate] of rates.entries()) {
    const mask = masks[Math.floor(cell / CLIENT_REGIONS)];
    if (rate < RATE_MIN || mask === undefined) continue;
    const there = sets.flatMap((one, at) => (mask[at] === undefined ? [] : [{ ...one, may: mask[at] }]));
    const drawn = there.reduce((sum, { part }) => sum + part, 0);
    for (const { set, part, may } of there) {
      const more = (1 - drawn) / there.length;
      streams.push({ cell, set, rate: rate * (part + more), may });
    }
  }
  return streams;
}

/** Undefined when it would be nobody. */
function mayOf(
  { tiers, sets }: ServiceView,
  usable: Uint8Array,
  allowed: Uint8Array,
  set: number,
): Uint8Array | undefined {
  let first = Number.POSITIVE_INFINITY;
  const open = usable.map((is, i) => (is === 1 && allowed[i] === 1 && sets[i] === set ? 1 : 0));
  for (const [i, is] of open.entries()) if (is === 1) first = Math.min(first, tiers[i] as number);
  return first === Number.POSITIVE_INFINITY ? undefined : open.map((is, i) => (tiers[i] === first ? is : 0));
}

/** The sets of a service, and which part of its requests is for each. */
function partsOf({ split }: ServiceView): readonly { readonly set: number; readonly part: number }[] {
  if (split === undefined) return [{ set: NO_SET, part: 1 }];
  return split.names.map((_, set) => ({
    set,
    part: (split.upTo[set] as number) - (set === 0 ? 0 : (split.upTo[set - 1] as number)),
  }));
}
