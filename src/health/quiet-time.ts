/** With less than this part of the most that it has had of late, an endpoint shows how fast it is when it is idle. */
const QUIET_SHARE = 0.3;
/** What a second forgets of that most. */
const MOST_FORGETS = 0.998;
/** That it needs longer than was thought is believed slowly, in seconds: with little of this edge's it may have much of others'. */
const BELIEVES_IN_S = 60;

/** How long requests take at an endpoint that has little to do. */
export class QuietTime {
  #mostLoad = 0;
  /** NaN until it has been seen with little to do. */
  ms = Number.NaN;

  /** It has `load` over its capacity, and requests take `ms` there, or `errorMs` more; what is `usual` in its service is believed of it until more is known. Since the last time, so many seconds have passed. */
  saw(load: number, { ms, errorMs, usualMs }: Taken, seconds: number): void {
    this.#mostLoad = Math.max(load, this.#mostLoad * MOST_FORGETS ** seconds);
    if (load >= QUIET_SHARE * this.#mostLoad) return;
    const before = Number.isNaN(this.ms) ? usualMs : this.ms;
    const seenMs = ms + errorMs;
    this.ms = seenMs < before ? seenMs : before + (1 - Math.exp(-seconds / BELIEVES_IN_S)) * (seenMs - before);
  }
}

type Taken = { readonly ms: number; readonly errorMs: number; readonly usualMs: number };
