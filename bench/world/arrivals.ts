import { Dice } from './dice.ts';
import { demandAt, type WorldMap } from './map.ts';

/** Share of requests that are GETs; the others are POSTs with a small body. */
const GET_SHARE = 0.9;

/** Who comes next, from where: by chance, as often as the hour says. */
export class Arrivals {
  /** Requests a second that come to each edge now. */
  readonly edgeRates: Float64Array;
  readonly #map: WorldMap;
  readonly #dice: Dice;
  /** Requests a second up to and with each site, added up. */
  readonly #rates: Float64Array;

  constructor(map: WorldMap) {
    this.#map = map;
    this.#dice = new Dice(map.spec.seed, 1);
    this.edgeRates = new Float64Array(map.edges.length);
    this.#rates = new Float64Array(map.sites.length);
  }

  /** From now on they come as at this hour of UTC, and `factorOf` a site as often as usual. */
  setDemand(utcHour: number, factorOf: (site: number) => number): void {
    const demand = demandAt(this.#map, utcHour);
    this.edgeRates.fill(0);
    let sum = 0;
    for (let site = 0; site < demand.length; site += 1) {
      const rate = (demand[site] as number) * this.#map.spec.peakRate * factorOf(site);
      const edge = this.#map.edgeOf[site] as number;
      this.edgeRates[edge] = (this.edgeRates[edge] as number) + rate;
      sum += rate;
      this.#rates[site] = sum;
    }
  }

  /** Time until the next one comes, in ms; infinite when nobody does. */
  untilNextMs(): number {
    return this.#dice.exponential(this.#all() / 1000);
  }

  /** From which site it comes. */
  site(): number {
    const draw = this.#dice.next() * this.#all();
    let low = 0;
    let high = this.#rates.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rates[middle] as number) > draw) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  isGet(): boolean {
    return this.#dice.next() < GET_SHARE;
  }

  #all(): number {
    return this.#rates[this.#rates.length - 1] as number;
  }
}
