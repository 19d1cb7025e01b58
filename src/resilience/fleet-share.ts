/**
 * Which part of a limit is an edge's, so that all edges of a fleet together let pass what the limit says. Nobody assigns parts: each edge works out its own
 * from what all have told of their demand, and those that have heard the same come to parts that sum to 1.
 *
 *   first, each edge gets what is asked of it; where that is more than there is, in proportion
 *   what is left goes to all alike, since nobody knows where the next request comes
 *   a small part is always divided evenly, so that an edge whose demand begins has something until the others have heard of it
 */
export type Demand = {
  /** What is asked of this edge, and of all edges with it, as parts of the limit: 1 is as much as the limit lets pass. */
  readonly own: number;
  readonly all: number;
  /** This one included; at least 1. */
  readonly edges: number;
};

/** The part that is divided evenly whatever is asked: what is lost of it where nothing is asked is not used by the others. */
export const EVEN_PART = 0.01;

/** This edge's part of a limit: above 0, at most 1. */
export function fleetShare({ own, all, edges }: Demand): number {
  if (edges <= 1) return 1;
  const asked = all > 1 ? own / all : own + (1 - all) / edges;
  return Math.min(1, (1 - EVEN_PART) * asked + EVEN_PART / edges);
}

/**
 * The part of an edge that hears nobody any more. Others may have divided its part among them, or be as alone as it is: all of them together stay within
 * the limit when each has no more than it had, and no more than an even part.
 */
export function shareAlone(last: number, edges: number): number {
  return Math.min(last, 1 / Math.max(1, edges));
}

/** What is asked of an edge, as parts of the limit: by a quick mean, which notices that demand has moved, and by a steady one, which is told. */
export type Asked = { readonly quick: number; readonly steady: number };

/** How quickly demand is followed, in ms: some reports, and for a slow limit the time of some requests. */
export const FOLLOW_MIN_MS = 2000;
export const FOLLOW_MAX_MS = 600_000;

/** How quickly the demand on a limit of so many requests a second is followed, in ms: the time of three of them, within the bounds above. */
export function followMs(requestsPerSecond: number): number {
  return Math.min(FOLLOW_MAX_MS, Math.max(FOLLOW_MIN_MS, 3000 / requestsPerSecond));
}

/** So many times as long is the time of the steady mean. */
export const STEADIER = 5;
/** Demand has moved where the means are apart by more than this part of it, and by more than chance makes of requests that come by themselves. */
export const MOVED = 0.1;
export const SIGMAS = 5;

/**
 * Demand after `seen` over the last `elapsedMs`. Edges take parts at different moments, from what was told at different moments: whatever moves in between
 * passes twice or not at all. So what is told stays as it is where demand does, whatever chance adds, and is at once what demand has become where it has moved.
 */
export function followed(before: Asked, seen: number, elapsedMs: number, requestsPerSecond: number): Asked {
  const overMs = followMs(requestsPerSecond);
  const quick = mean(before.quick, seen, elapsedMs, overMs);
  const steady = mean(before.steady, seen, elapsedMs, overMs * STEADIER);
  const byChance = SIGMAS * Math.sqrt((Math.max(quick, steady) * 500) / (requestsPerSecond * overMs));
  return Math.abs(quick - steady) > Math.max(MOVED * steady, byChance) ? { quick, steady: quick } : { quick, steady };
}

/** A mean that forgets: `seen` over the last `elapsedMs`, mixed into what was. */
function mean(before: number, seen: number, elapsedMs: number, overMs: number): number {
  return Number.isNaN(before) ? seen : before + (seen - before) * (1 - Math.exp(-elapsedMs / overMs));
}

/** Of an edge that has counted nothing yet. */
export const NOTHING_ASKED: Asked = { quick: Number.NaN, steady: Number.NaN };
