import { type Agreement, agreedFit, LOAD_MAX } from './agreed-fit.ts';

/** Bounds of what a declared capacity is multiplied by. */
export const FIT_MIN = 1 / 16;
export const FIT_MAX = 16;
/** Waiting, over the time of service, from which an endpoint has more than it is built for, and up to which it has less … */
const WAITS = 0.2;
const WAITS_NOT = 0.08;
/** … each and so many standard errors of the mean time: what a few requests took says little. */
const WAITS_DOUBT = 2;
const WAITS_NOT_DOUBT = 1;
/** Waiting as long as being served: far beyond, and corrected in one go. */
const WAITS_LONG = 1;
/** With less than this part of its capacity an endpoint that nobody waits at proves nothing. */
const LOAD_PROVING = 0.4;
/** Where waiting as long as being served begins, half of the capacity is taken: the rest is the queue. */
const LOAD_AT_WORK = 0.5;
/** What a second takes away at most, and gives. */
const LESS = 0.15;
const MORE = 0.05;
/** What it gives, up to this part of what was proven of late: what took so much away was a rush that is over, rather than a change of the endpoint. */
const AGAIN = 0.2;
const AGAIN_TO = 0.7;
/** What is kept after a second of what was proven; half of it goes in a minute. */
const PROVEN_KEEPS = 0.9885;
/** What a second forgets where nothing can be learned, as a power. */
const FORGETS = 0.995;
const FORGETS_UNHEARD = 0.98;

/** What was seen of an endpoint in one look. */
export type Look = Omit<Agreement, 'used'> & {
  /** In flight there from everybody, over its declared capacity. */
  readonly load: number;
  /** What of its waits may be the way, which nobody knows so well, over the same. */
  readonly doubt: number;
  /** What of it may be a mistake in what a request takes when it does not wait. */
  readonly usualDoubt: number;
  /** Requests that this was seen from. */
  readonly requests: number;
  /** The most that it was of late, see `nextProven`. */
  readonly proven: number;
};

/**
 * What the declared capacity of an endpoint is to be multiplied by, from look to look. A file's figure is a guess,
 * and an edge without a fleet does not know who else sends there; waiting tells. Where requests wait, the capacity is less than
 * was thought, and where they do not although it is well used, more: quickly as far as it was more before, and slowly beyond, as a sender finds
 * the width of a way again after a loss. Without evidence the declared one comes back slowly. And all edges come to agree on how full an endpoint is, see
 * `agreedFit`.
 */
export function nextFit(fit: number, look: Look): number {
  const waits = look.waits - look.doubt / 2 - look.usualDoubt;
  const agreed = agreedFit(correctedFit(fit, look), { ...look, used: look.load / fit, waits });
  return Math.max(FIT_MIN, Math.min(FIT_MAX, agreed));
}

/** What one look alone says, without what other edges see. */
export function correctedFit(fit: number, look: Look): number {
  const { load, waits, requests, seconds } = look;
  const used = load / fit;
  const error = 1 / Math.sqrt(requests);
  if (isWaitedFor(look)) return used > LOAD_MAX ? fit : lessened(fit, look);
  if (waits < WAITS_NOT + WAITS_NOT_DOUBT * error && used > LOAD_PROVING) return raised(fit, look);
  return used < LOAD_PROVING ? fit ** (FORGETS ** seconds) : fit;
}

/** What counts as proven after a look: the most that was well used of late while hardly anybody waited, fading. */
export function nextProven(fit: number, look: Look): number {
  const { load, proven, seconds } = look;
  const kept = proven * PROVEN_KEEPS ** seconds;
  return isWaitedFor(look) || load / fit <= LOAD_PROVING ? kept : Math.max(fit, kept);
}

/** The same where no request has said anything for so many seconds. */
export function unheardFit(fit: number, seconds: number): number {
  return fit ** (FORGETS_UNHEARD ** seconds);
}

function isWaitedFor({ waits, doubt, requests }: Look): boolean {
  return waits - doubt > WAITS + WAITS_DOUBT / Math.sqrt(requests);
}

function raised(fit: number, { proven, seconds }: Look): number {
  return Math.max(fit * (1 + MORE) ** seconds, Math.min(fit * (1 + AGAIN) ** seconds, AGAIN_TO * proven));
}

function lessened(fit: number, { load, waits, doubt, seconds }: Look): number {
  const sure = waits - doubt;
  const less = fit * (1 - LESS * Math.min(1, sure)) ** seconds;
  if (sure <= WAITS_LONG) return less;
  // By Little's law, what is in flight is what is worked on, and once more for each time of service that it waits.
  return Math.min(less, Math.max(fit / 2 ** seconds, load / (LOAD_AT_WORK * (1 + sure))));
}
