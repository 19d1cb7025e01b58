import { meanWaitMs } from './queueing.ts';

/** From this share of its servers on, a queue has no mean to speak of; wait and price go on rising in a straight line. */
export const BUSY_MAX = 0.97;
/** What they rise by, in times of service, for each server's worth of requests that is too much. */
const BEYOND = 1000;
const STEPS = 48;
const STEP = BUSY_MAX / STEPS;
/** More servers wait like so many: their queue begins just below full, all of a sudden. */
const SERVERS_MAX = 512;
/** Squared coefficient of variation of the time of service: that of times which are as various as chance makes them. */
const VARIATION = 1;

/**
 * Waiting at an endpoint, in times of service, by how busy its servers are (0: none of them, 1: all). The *wait* is that of a request. The
 * *price* is what one request more costs all that wait there: its own wait, and what it adds to that of the others. Whoever
 * sends each request to where the way and this price are the least together makes the sum of all ways and waits the least. Both
 * rise with the load. Worked out once for each number of servers.
 */
export class WaitPrice {
  readonly #waits = new Float64Array(STEPS + 1);
  readonly #prices = new Float64Array(STEPS + 1);

  private constructor(servers: number) {
    for (let at = 1; at <= STEPS; at += 1) {
      this.#waits[at] = meanWaitMs(servers, at * STEP * servers, 1, VARIATION);
      const more = at * (this.#waits[at] as number) - (at - 1) * (this.#waits[at - 1] as number);
      this.#prices[at] = Math.max(more, this.#prices[at - 1] as number);
    }
  }

  /** That of an endpoint with so many servers, at least one; a fraction counts as the nearest whole. */
  static of(servers: number): WaitPrice {
    const whole = Math.max(1, Math.min(SERVERS_MAX, Math.round(servers)));
    let known = KNOWN.get(whole);
    if (known === undefined) {
      known = new WaitPrice(whole);
      KNOWN.set(whole, known);
    }
    return known;
  }

  /** The price when this share of the servers is busy. */
  priceAt(busy: number): number {
    return valueAt(this.#prices, busy);
  }

  /** How busy the servers are at a price. 0 for one below 0. */
  busyAtPrice(price: number): number {
    return placeOf(this.#prices, price);
  }

  /** How busy the servers are when requests wait so long. */
  busyAtWait(wait: number): number {
    return placeOf(this.#waits, wait);
  }
}

const KNOWN = new Map<number, WaitPrice>();

function valueAt(curve: Float64Array, busy: number): number {
  if (busy >= BUSY_MAX) return (curve[STEPS] as number) + (busy - BUSY_MAX) * BEYOND;
  const place = Math.max(0, busy) / STEP;
  const low = Math.floor(place);
  const from = curve[low] as number;
  return from + ((curve[low + 1] as number) - from) * (place - low);
}

function placeOf(curve: Float64Array, value: number): number {
  if (value <= 0) return 0;
  const last = curve[STEPS] as number;
  if (value >= last) return BUSY_MAX + (value - last) / BEYOND;
  let [low, high] = [0, STEPS];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((curve[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const from = curve[low] as number;
  const rise = (curve[high] as number) - from;
  return (low + (rise === 0 ? 1 : (value - from) / rise)) * STEP;
}
