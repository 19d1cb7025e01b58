/** What the load over its capacity is to be at an endpoint that nobody waits at, and at one where requests wait for as long as `waitsSaid` says … */
export const LOAD_UNWAITED = 0.3;
export const LOAD_WAITED = 0.8;
/** … and between and beyond, in a straight line, up to so many times as long waits. */
export const WAITED_MAX = 2;
/** That waiting, in times of service, at an endpoint that is built for so many requests. */
const WAITS_SAID = 0.25;
const BUILT_FOR = 18;
/** It is no less and no more than this, however many an endpoint is built for: a file may be wrong, and so little is hard to see. */
const WAITS_SAID_MIN = 0.015;
const WAITS_SAID_MAX = 0.5;
/** With more servers a queue begins nearer to their end, and then grows faster: the same price is paid for less waiting. */
const WAITS_SAID_POWER = 0.5;
/** An endpoint that has as many times its capacity is corrected no further: it gets nothing more anyway. */
export const LOAD_MAX = 3;
/** What is moved of the way to what waiting says, as a power, in the time in which half of what it is read from is new … */
const AGREES = 0.15;
/** … which is as much longer, in seconds, as the counts of other edges are old, in so far as the load is theirs. */
const OTHERS_AGE = 2.5;

/** What the agreement goes by. */
export type Agreement = {
  /** The load over the corrected capacity. */
  readonly used: number;
  /** How long requests wait, in times of service. */
  readonly waits: number;
  /** Requests that the endpoint is built for, as declared. */
  readonly capacity: number;
  /** The part of the load that is of other edges, 0 to 1. */
  readonly others: number;
  /** Since the last look, and in which half of what the waiting is read from is new, both in seconds. */
  readonly seconds: number;
  readonly memorySeconds: number;
};

/**
 * The correction `fit` of a capacity, moved to where `used`, the load over the capacity, says what waiting says.
 *
 * Each edge sends to where the way and the load cost the least together. How long requests wait at an endpoint is the same for all edges that send there. If the load that they
 * see is the same too, requests are exchanged until each is answered as near as there is room, though no edge knows of another: with prices that all pay alike, whoever
 * looks for what is cheapest for itself finds the assignment that is cheapest for all (the dual of the min-cost flow). Without this, whoever has once sent a part of its requests far away
 * in a rush keeps that part, and those who are near go far for it.
 */
export function agreedFit(fit: number, { used, waits, capacity, others, seconds, memorySeconds }: Agreement): number {
  if (used <= 0 || used > LOAD_MAX) return fit;
  const waited = Math.min(WAITED_MAX, Math.max(0, waits) / waitsSaid(capacity));
  const says = LOAD_UNWAITED + (LOAD_WAITED - LOAD_UNWAITED) * waited;
  const power = (AGREES * seconds) / (memorySeconds + OTHERS_AGE * others);
  // Who sends little to where hardly anybody waits has learned nothing of it.
  return fit * (used / says) ** (used < says ? power * Math.min(1, waited) : power);
}

/**
 * The waiting that `LOAD_WAITED` stands for, in times of service. What one request more costs all that wait at c servers rises with c and the square
 * of the waiting in heavy traffic, so that the waiting at which it costs the same falls with the root of c.
 */
export function waitsSaid(capacity: number): number {
  const said = WAITS_SAID * (BUILT_FOR / capacity) ** WAITS_SAID_POWER;
  return Math.max(WAITS_SAID_MIN, Math.min(WAITS_SAID_MAX, said));
}
