import { expect, test } from 'vitest';
import { histogramSamples } from '../../../src/observe/histogram.ts';

test('buckets are cumulative and end with +Inf, sum and count', () => {
  const labels = { region: 'r' };
  const samples = histogramSamples('h', [0.5, 1], { labels, cells: [2, 0, 3], sum: 7.25 });
  expect(samples.map((s) => [s.metricName, s.labels['le'], s.value])).toEqual([
    ['h_bucket', '0.5', 2],
    ['h_bucket', '1', 2],
    ['h_bucket', '+Inf', 5],
    ['h_sum', undefined, 7.25],
    ['h_count', undefined, 5],
  ]);
  expect(samples.every((s) => s.sharedLabels === labels)).toBe(true);
});

test('a bucket shows one of the requests that it counted, in seconds', () => {
  const exemplar = (bucket: number) => (bucket === 2 ? { requestId: 'id', ms: 1500, wallMs: 2000 } : undefined);
  const samples = histogramSamples('h', [0.5, 1], { labels: {}, cells: [0, 0, 1], sum: 1.5, exemplar });
  expect(samples.map((sample) => sample.exemplar)).toEqual([
    undefined,
    undefined,
    { labelSet: { request_id: 'id' }, value: 1.5, timestamp: 2 },
    undefined,
    undefined,
  ]);
});
