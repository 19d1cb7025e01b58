import { expect, test } from 'vitest';
import { requestFamilies } from '../../../src/observe/request-families.ts';
import { CELL, type SpotReading } from '../../../src/observe/request-totals.ts';
import { DURATION_CELLS } from '../../../src/table/service-cells.ts';
import { OUTCOMES } from '../../../src/table/worker-block.ts';
import { valuesOf } from './samples.ts';

const CELLS = 3 + DURATION_CELLS + OUTCOMES.length;

function reading(region: string, cloud: string, filled: Readonly<Record<number, number>>, inFlight = 0): SpotReading {
  const cells = new Float64Array(CELLS);
  for (const [index, value] of Object.entries(filled)) cells[Number(index)] = value;
  return { labels: { region, cloud }, cells, inFlight };
}

const families = requestFamilies(() => [
  reading('none', 'none', { [CELL.error]: 3 }),
  reading(
    'x',
    'aws',
    { [CELL.success]: 7, [CELL.durations]: 4, [CELL.durations + 14]: 1, [CELL.sumMs]: 1500, [CELL.outcomes + 2]: 5 },
    2,
  ),
]);

test('requests have exactly the published labels, in their order', () => {
  expect(valuesOf(families, 'requests_total')).toEqual({
    'none none success': 0,
    'none none error': 3,
    'x aws success': 7,
    'x aws error': 0,
  });
  const labels = families[0]!.samples().map((sample) => Object.keys({ ...sample.sharedLabels, ...sample.labels }));
  expect(new Set(labels.map(String))).toEqual(new Set(['region,cloud,status']));
});

test('durations are in seconds, and what is above the last bound is in +Inf only', () => {
  const values = valuesOf(families, 'request_duration_seconds');
  expect([values['x aws 0.001'], values['x aws 30'], values['x aws +Inf']]).toEqual([4, 4, 5]);
  const sums = families[1]!.samples().filter(({ metricName }) => metricName?.endsWith('_sum'));
  expect(sums.map(({ value }) => value)).toEqual([0, 1.5]);
});

test('what reached no endpoint has neither attempts nor anything in flight', () => {
  const attempts = valuesOf(families, 'meridian_attempts_total');
  expect(Object.keys(attempts)).toHaveLength(OUTCOMES.length);
  expect(attempts['x aws connect-refused']).toBe(5);
  expect(valuesOf(families, 'meridian_in_flight')).toEqual({ 'x aws': 2 });
});
