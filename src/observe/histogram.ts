import type { Labels, Sample } from './family.ts';

/** One series of a histogram: how many observations fell into each bucket, not cumulated, and their sum. */
export type HistogramSeries = {
  readonly labels: Labels;
  /** One cell for each bound, and one more for what is above the last. */
  readonly cells: ArrayLike<number>;
  readonly sum: number;
  /** One observation of a bucket. */
  readonly exemplar?: (bucket: number) => FoundExemplar | undefined;
};

/** One request that was observed: how long it took, and when, by the wall clock. */
export type FoundExemplar = { readonly requestId: string; readonly ms: number; readonly wallMs: number };

/**
 * The lines of one histogram series. Buckets are cumulative, as the exposition format wants them, and the count is the
 * last bucket's, so that the three agree although other threads go on counting.
 */
export function histogramSamples(name: string, bounds: readonly number[], series: HistogramSeries): Sample[] {
  const { labels: sharedLabels, cells, sum, exemplar = () => undefined } = series;
  let count = 0;
  const buckets = bounds.map((bound, i) => {
    count += cells[i] as number;
    return {
      labels: { le: String(bound) },
      sharedLabels,
      value: count,
      metricName: `${name}_bucket`,
      ...shown(exemplar(i)),
    };
  });
  count += cells[bounds.length] as number;
  return [
    ...buckets,
    {
      labels: { le: '+Inf' },
      sharedLabels,
      value: count,
      metricName: `${name}_bucket`,
      ...shown(exemplar(bounds.length)),
    },
    { labels: {}, sharedLabels, value: sum, metricName: `${name}_sum` },
    { labels: {}, sharedLabels, value: count, metricName: `${name}_count` },
  ];
}

function shown(found: FoundExemplar | undefined): Pick<Sample, 'exemplar'> {
  if (found === undefined) return {};
  const { requestId, ms, wallMs } = found;
  return { exemplar: { labelSet: { request_id: requestId }, value: ms / 1000, timestamp: wallMs / 1000 } };
}
