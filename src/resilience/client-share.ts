import { fleetShare } from './fleet-share.ts';

/*
 * Which clients edges of a fleet tell each other of, and which part of its limit a client has at each. Demand is in parts of the limit: 1 is as much as
 * the limit lets pass.
 *
 *   an edge tells of a client that asks it for more than its part of half the limit
 *   once what is told of a client, with what it asks here, is more than half of the limit, every edge that it asks tells of it
 *
 * So whatever nobody tells of is within the limit: of n edges each keeps at most 1/2n for itself, which is half the limit in all, and what is told of beside
 * that is the other half at most, or all edges would tell.
 */

/** What is told of a client, in parts of its limit, from which on every edge tells that it asks. */
export const ALL_TELL_FROM = 0.5;

/** From how much on an edge of so many tells of a client whatever the others say. */
export function toldFrom(edges: number): number {
  return ALL_TELL_FROM / Math.max(2, edges);
}

/** Whether an edge tells of a client that asks it for `own`, where the others have told of `others`. */
export function isTold(own: number, others: number, edges: number): boolean {
  return own > 0 && (own > toldFrom(edges) || own + others > ALL_TELL_FROM);
}

/** Requests between two looks that are no chance, and by how much less or more than was usual they must be. */
const SURE_REQUESTS = 10;
const JUMPS_BY = 4;

/**
 * The mean of what a client asks, as requests between two looks, after `seen` have come since the last; `forget` is how much of the old mean goes. A client that comes is taken
 * for what it is at once. One that goes, to another edge perhaps, hinders nobody there for long, and is remembered for a few looks all the same, so that one which pauses
 * does not begin anew each time.
 */
export function askedMean(
  before: number,
  seen: number,
  forget: number,
): { readonly mean: number; readonly jumped: boolean } {
  if (seen >= SURE_REQUESTS && seen > before * JUMPS_BY) return { mean: seen, jumped: true };
  const fell = before >= SURE_REQUESTS && seen < before / JUMPS_BY;
  return { mean: before + (seen - before) * (fell ? Math.max(forget, 1 - 1 / JUMPS_BY) : forget), jumped: fell };
}

/** What was told of a client: by this edge, by all others, and how many those are. */
export type ClientTold = { readonly own: number; readonly others: number; readonly edges: number };

/**
 * This edge's part of a client's limit: above 0, at most 1. All of it where no other edge tells of the client; else what it asks here, in proportion, and of what
 * is left, and of one hundredth always, as much as the others that tell.
 */
export function clientShare({ own, others, edges }: ClientTold): number {
  return edges === 0 ? 1 : fleetShare({ own, all: own + others, edges: edges + 1 });
}
