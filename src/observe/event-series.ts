import { type Family, type Labels, OTHER, type Sample } from './family.ts';

/**
 * A counter with labels that events add to. It holds at most `seriesMax` label sets; what comes after is counted in one
 * series whose labels are all `other`, so that no total is lost and no scrape grows without end.
 */
export class EventSeries {
  readonly #names: readonly string[];
  readonly #seriesMax: number;
  readonly #series = new Map<string, { readonly labels: Labels; value: number }>();

  constructor(names: readonly string[], seriesMax: number) {
    this.#names = names;
    this.#seriesMax = seriesMax;
  }

  /** How many series there are. */
  get size(): number {
    return this.#series.size;
  }

  /** Adds `by` (at least 0) to the series with these label values, in the order of the names; 0 only makes it exist. */
  add(values: readonly string[], by: number): void {
    const key = JSON.stringify(values);
    const known = this.#series.get(key);
    if (known !== undefined) known.value += by;
    else if (this.#series.size < this.#seriesMax) this.#series.set(key, { labels: this.#labels(values), value: by });
    else this.#addToOther(by);
  }

  samples(): readonly Sample[] {
    return Array.from(this.#series.values(), ({ labels, value }) => ({ labels: {}, sharedLabels: labels, value }));
  }

  /** One more than the limit, so that there is always room for it. */
  #addToOther(by: number): void {
    const values = this.#names.map(() => OTHER);
    const key = JSON.stringify(values);
    const other = this.#series.get(key);
    if (other !== undefined) other.value += by;
    else this.#series.set(key, { labels: this.#labels(values), value: by });
  }

  #labels(values: readonly string[]): Labels {
    return Object.fromEntries(this.#names.map((name, i) => [name, values[i] as string]));
  }
}

/** The family of a counter that events add to. */
export function counter(name: string, help: string, series: Pick<EventSeries, 'samples'>): Family {
  return { name, help, type: 'counter', samples: () => series.samples() };
}
