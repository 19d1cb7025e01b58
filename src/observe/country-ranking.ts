import { COUNTRY_CELLS, countryOf } from '../table/country-cells.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import { type Family, OTHER } from './family.ts';

/** Countries that have a series of their own at a time. */
export const COUNTRIES_SHOWN = 20;
/** How often they are chosen anew, by what came since. */
export const CHOSEN_EVERY_MS = 10 * 60_000;

/** Where the requests of a country without a name are counted. */
const UNKNOWN = 'unknown';

/**
 * Requests by the country of their client: those that most come from, and `other`. A counter never goes down, and no request is in
 * two of them: what a country counts while it has no series of its own stays in `other`, and a country that gets its series back
 * goes on where it was. Belongs to the control thread.
 */
export class CountryRanking {
  readonly #blocks: readonly Pick<WorkerBlock, 'countries'>[];
  readonly #nowMs: () => number;
  readonly #last = new Float64Array(COUNTRY_CELLS);
  /** What has come since they were chosen. */
  readonly #lately = new Float64Array(COUNTRY_CELLS);
  /** What each has counted under its own name. */
  readonly #shown = new Float64Array(COUNTRY_CELLS);
  #chosen: ReadonlySet<number> = new Set();
  #chosenMs = Number.NEGATIVE_INFINITY;
  #other = 0;

  constructor(blocks: readonly Pick<WorkerBlock, 'countries'>[], nowMs: () => number) {
    this.#blocks = blocks;
    this.#nowMs = nowMs;
  }

  family(): Family {
    return {
      name: 'meridian_client_requests_total',
      help: 'Requests by the country of their client: those that most come from, unknown, and other.',
      type: 'counter',
      samples: () => this.read().map(([country, value]) => ({ labels: { country }, value })),
    };
  }

  /** The countries that have a series, by name, with `other` as the last. */
  read(): readonly (readonly [country: string, requests: number])[] {
    this.#collect();
    const named = [...this.#chosen].map((cell) => [countryOf(cell) || UNKNOWN, this.#shown[cell] as number] as const);
    return [...named.toSorted(([a], [b]) => (a < b ? -1 : 1)), [OTHER, this.#other]];
  }

  #collect(): void {
    const news = new Float64Array(COUNTRY_CELLS);
    for (let cell = 0; cell < COUNTRY_CELLS; cell += 1) {
      const now = this.#blocks.reduce((sum, { countries }) => sum + (countries[cell] as number), 0);
      news[cell] = now - (this.#last[cell] as number);
      this.#last[cell] = now;
      this.#lately[cell] = (this.#lately[cell] as number) + (news[cell] as number);
    }
    // Before what is new is counted: where there is room, a country that is new has its own series from its first request on.
    this.#choose();
    for (let cell = 0; cell < COUNTRY_CELLS; cell += 1) {
      if (this.#chosen.has(cell)) this.#shown[cell] = (this.#shown[cell] as number) + (news[cell] as number);
      else this.#other += news[cell] as number;
    }
  }

  #choose(): void {
    const nowMs = this.#nowMs();
    const due = nowMs - this.#chosenMs >= CHOSEN_EVERY_MS;
    if (!due && this.#chosen.size >= COUNTRIES_SHOWN) return;
    const lately = this.#lately;
    const before = this.#chosen;
    const cells = [...lately.keys()].filter((cell) => (lately[cell] as number) > 0 || before.has(cell));
    // Those that have a series keep it where nobody is ahead of them.
    cells.sort(
      (a, b) => (lately[b] as number) - (lately[a] as number) || Number(before.has(b)) - Number(before.has(a)),
    );
    const kept = due ? [] : [...before];
    this.#chosen = new Set([...kept, ...cells].slice(0, Math.max(COUNTRIES_SHOWN, kept.length)));
    if (!due) return;
    this.#chosenMs = nowMs;
    lately.fill(0);
  }
}
