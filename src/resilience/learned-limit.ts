/**
 * How many requests an endpoint works on at a time before they begin to wait for each other, learned from how long they take. A limit on them is
 * moved by the gradient of latency (Netflix's concurrency-limits, "Gradient2": the limit goes with *what it takes when nobody waits* over
 * *what it takes now*), as TCP Vegas moves its window.
 *
 * The difficulty is what it takes when nobody waits: under a load that never ends nobody sees it. Envoy holds all traffic to a few requests again and again to
 * measure it; a long mean, as Gradient2 has it, drifts up with the queue. Here a *trial* lowers the limit by a quarter for a second. Either latency falls with it,
 * for then all that was above was queue: the lower limit is kept, and tried lower still. Or it does not, and that is what it takes. A quarter less is still enough to keep an
 * endpoint busy that has a queue, so a trial costs nothing where there is one.
 */
export type LearnedLimit = {
  readonly limit: number;
  /** What a request takes when nobody waits; NaN until a trial has shown it. */
  readonly baseMs: number;
  readonly mode: 'searching' | 'steady' | 'trying';
  /** Looks since the mode began, and what requests of these took in all. */
  readonly looks: number;
  readonly sumMs: number;
  readonly requests: number;
  /** Of a trial: what requests took before it. Of the rest: the limit when the last trial ended. */
  readonly beforeMs: number;
  readonly limitThen: number;
  /** Trials in a row that showed no queue. */
  readonly shown: number;
};

/** What was seen of an endpoint since the last look, a quarter of a second ago. */
export type LimitLook = {
  /** What requests that were answered took in all, without the way there and back, and how many they were. */
  readonly sumMs: number;
  readonly requests: number;
  /** Under way now. */
  readonly inFlight: number;
  /** Refused for want of room, or not answered in time. */
  readonly refused: number;
};

export type LimitBounds = { readonly min: number; readonly max: number };

/** What a trial takes of the limit. */
export const TRIAL = 0.75;
/** From this part of the limit on it is full. */
const FULL = 0.9;
/** A latency below this part of what it was shows that requests had been waiting. */
const FALLS = 0.9;
/** How often is looked, in ms. */
export const LOOK_MS = 250;
/** A trial is looked at so many times, and more until it has seen enough requests; first those that came before it have to be through. */
const TRIAL_LOOKS = 4;
const TRIAL_LOOKS_MAX = 16;
const THROUGH_LOOKS_MAX = 40;
const REQUESTS_MIN = 16;
/** Trials that must show no queue before a limit counts as found: of the first, the queue may still have been growing. */
const SHOWN = 2;
/** Looks before a trial: while the limit is searched for, and after it was found. */
const SEARCH_LOOKS = 4;
const STEADY_LOOKS = 120;
/** So much longer than without waiting a request may take before the limit is lowered. */
const TOLERANCE = 1.25;
const GRADIENT_MIN = 0.5;
/** What the limit may grow beyond what the gradient says, as a part of it and at least: how fast it finds out that there is more. */
const QUEUE = 0.1;
const QUEUE_MIN = 1;
const SMOOTHING = 0.2;
/** What it is lowered by when more than this part of requests is refused. */
const REFUSED = 0.1;
const AFTER_REFUSAL = 0.9;
/** How much of what is remembered of latency one look forgets. */
const FORGETS = 0.3;

/** A limit that knows nothing yet and begins with so many requests. */
export function freshLimit(start: number): LearnedLimit {
  const mode = 'searching';
  const none = { looks: 0, sumMs: 0, requests: 0, beforeMs: 0, shown: 0 };
  return { limit: start, baseMs: Number.NaN, mode, limitThen: start, ...none };
}

/** How many may be under way now. */
export function allowedBy({ limit, mode }: LearnedLimit): number {
  return Math.max(1, Math.round(mode === 'trying' ? limit * TRIAL : limit));
}

/** The next state after a look. */
export function nextLimit(now: LearnedLimit, look: LimitLook, bounds: LimitBounds): LearnedLimit {
  return now.mode === 'trying' ? tried(now, look, bounds) : moved(now, look, bounds);
}

/** Between trials. */
function moved(now: LearnedLimit, look: LimitLook, bounds: LimitBounds): LearnedLimit {
  const isUsed = look.inFlight >= now.limit / 2;
  // A limit that is not used is not learned of: whatever latency is, it is not for want of room.
  if (!isUsed) return { ...now, looks: now.looks + 1, sumMs: 0, requests: 0 };
  const sumMs = now.sumMs * (1 - FORGETS) + look.sumMs;
  const requests = now.requests * (1 - FORGETS) + look.requests;
  const limit = now.mode === 'steady' ? followed(now, look, bounds) : now.limit;
  const seen = { ...now, limit, looks: now.looks + 1, sumMs, requests };
  const isDue = seen.looks >= (now.mode === 'searching' ? SEARCH_LOOKS + 2 * throughLooks(now.baseMs) : STEADY_LOOKS);
  // Half of it is gone, and requests take as long: it is no queue that makes them slow.
  const isDoubtful = now.mode === 'steady' && limit < now.limitThen / 2;
  // A trial of what is not full would lower nothing, and what a queue that still grows takes says nothing.
  if (look.inFlight < now.limit * FULL || requests < REQUESTS_MIN || !(isDue || isDoubtful)) return seen;
  return { ...seen, mode: 'trying', looks: 0, sumMs: 0, requests: 0, beforeMs: sumMs / requests };
}

function followed(now: LearnedLimit, { sumMs, requests, refused }: LimitLook, bounds: LimitBounds): number {
  const { limit, baseMs } = now;
  if (refused > REFUSED * (requests + refused)) return within(limit * AFTER_REFUSAL, bounds);
  if (requests === 0) return limit;
  const gradient = Math.max(GRADIENT_MIN, Math.min(1, (TOLERANCE * baseMs * requests) / sumMs));
  const found = limit * gradient + Math.max(QUEUE_MIN, limit * QUEUE);
  return within(limit + (found - limit) * SMOOTHING, bounds);
}

/** During a trial. */
function tried(now: LearnedLimit, look: LimitLook, bounds: LimitBounds): LearnedLimit {
  const looks = now.looks + 1;
  const through = 1 + throughLooks(now.beforeMs);
  const isThrough = looks > through;
  const sumMs = isThrough ? now.sumMs + look.sumMs : 0;
  const requests = isThrough ? now.requests + look.requests : 0;
  const after = looks - through;
  const goesOn = after < TRIAL_LOOKS || (requests < REQUESTS_MIN && after < TRIAL_LOOKS_MAX);
  if (goesOn) return { ...now, looks, sumMs, requests };
  const ended = { ...now, looks: 0, sumMs: 0, requests: 0, beforeMs: 0 };
  // Nobody came any more: it has shown nothing.
  if (requests < REQUESTS_MIN) return { ...ended, mode: Number.isNaN(now.baseMs) ? 'searching' : 'steady' };
  const ms = sumMs / requests;
  if (ms < now.beforeMs * FALLS) {
    const limit = within(now.limit * TRIAL, bounds);
    // What it takes at this limit is known by now: the next trial begins at once.
    return { ...ended, mode: 'trying', baseMs: ms, limit, limitThen: limit, beforeMs: ms, shown: 0 };
  }
  const shown = now.shown + 1;
  return { ...ended, mode: shown < SHOWN ? 'searching' : 'steady', baseMs: ms, limitThen: now.limit, shown };
}

/** Looks until what came before has been answered. */
function throughLooks(ms: number): number {
  return Number.isNaN(ms) ? 0 : Math.min(THROUGH_LOOKS_MAX, Math.ceil(ms / LOOK_MS));
}

function within(limit: number, { min, max }: LimitBounds): number {
  return Math.max(min, Math.min(max, limit));
}
