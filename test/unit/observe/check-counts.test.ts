import { expect, test } from 'vitest';
import { CHECKED_SERVICES_MAX, CheckCounts } from '../../../src/observe/check-counts.ts';
import { valuesOf } from './samples.ts';

test('checks are counted by service and result, and all of them timed', () => {
  const counts = new CheckCounts();
  counts.follow([{ name: 'shop' }]);
  expect(valuesOf(counts.families(), 'meridian_checks_total')).toEqual({ 'shop good': 0, 'shop failed': 0 });
  counts.checked('shop', true, 3);
  counts.follow([{ name: 'shop' }]);
  counts.checked('shop', false, 2000);
  counts.checked('blog', true, 1);
  const families = counts.families();
  expect(valuesOf(families, 'meridian_checks_total')).toEqual({
    'shop good': 1,
    'shop failed': 1,
    'blog good': 1,
    'blog failed': 0,
  });
  const samples = families[1]!.samples();
  const of = (part: string) =>
    samples.find(({ metricName }) => metricName === `meridian_check_duration_seconds_${part}`);
  expect([of('sum')?.value, of('count')?.value]).toEqual([2.003, 2]);
});

test('services beyond the limit are not counted', () => {
  const counts = new CheckCounts();
  for (let i = 0; i <= CHECKED_SERVICES_MAX; i += 1) counts.checked(`s${i}`, true, 1);
  expect(Object.keys(valuesOf(counts.families(), 'meridian_checks_total'))).toHaveLength(2 * CHECKED_SERVICES_MAX);
});
