/** Labels of a series, name to value. No value ever comes from a request: see docs/metrics.md. */
export type Labels = Readonly<Record<string, string>>;

/**
 * One line of the exposition, in the shape that prom-client prints. `sharedLabels` are printed after `labels`; hand in
 * the same object again and again, and its text is made only once.
 */
export type Sample = {
  readonly labels: Labels;
  readonly sharedLabels?: Labels;
  readonly value: number;
  /** When it is not the family's own name: the parts of a histogram. */
  readonly metricName?: string;
  /** One thing that was counted here, for formats that can show it. The time is in seconds since 1970. */
  readonly exemplar?: { readonly labelSet: Labels; readonly value: number; readonly timestamp: number } | undefined;
};

/** A metric whose values are read from somewhere else at each scrape, so that nothing is done for it in between. */
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: () => readonly Sample[];
};

/** A family of values that go up and down. */
export function gauge(name: string, help: string, samples: Family['samples']): Family {
  return { name, help, type: 'gauge', samples };
}

/** The label value where there is nothing to name: no endpoint was reached, the edge has no region. */
export const NONE = 'none';

/** The label value of everything beyond a limit on series. */
export const OTHER = 'other';
