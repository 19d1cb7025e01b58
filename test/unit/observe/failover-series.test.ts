import { expect, test } from 'vitest';
import { FAILOVERS_AT_START_MAX, FailoverSeries } from '../../../src/observe/failover-series.ts';
import { topologyWith, type Where } from './world.ts';

function seriesOf(services: Readonly<Record<string, readonly Where[]>>) {
  const series = new FailoverSeries();
  series.follow(topologyWith(services));
  return series.samples().map(({ sharedLabels, value }) => ({ ...sharedLabels, value }));
}

test('every ordered pair of a service is there at 0, for every reason', () => {
  const series = seriesOf({ shop: ['aws/a', 'gcp/b', 'gcp/b'], cart: ['aws/c', 'azure/a'] });
  const pairs = new Set(
    series.map((s) => JSON.stringify([Reflect.get(s, 'from_region'), Reflect.get(s, 'to_region')])),
  );
  expect([...pairs].sort()).toEqual(['["a","b"]', '["a","c"]', '["b","a"]', '["c","a"]']);
  expect(series.every(({ value }) => value === 0)).toBe(true);
  expect(series[0]).toEqual({ from_region: 'a', to_region: 'b', reason: 'connect-refused', value: 0 });
  const reasons = new Set(series.map((s): unknown => Reflect.get(s, 'reason')));
  expect(reasons).toEqual(
    new Set([
      'connect-refused',
      'connect-timeout',
      'tls-failed',
      'unreachable',
      'first-byte-timeout',
      'reset',
      'idle-timeout',
      'no-resources',
      'bad-response',
      'outpaced',
      'status-500',
      'status-502',
      'status-503',
      'status-504',
    ]),
  );
});

test('one region has nowhere to go', () => {
  expect(seriesOf({ shop: ['aws/a', 'aws/a'] })).toEqual([]);
});

test('there are only so many at the start, the likeliest reason first', () => {
  const places = Array.from({ length: 25 }, (_, i): Where => `aws/r${i}`);
  const series = seriesOf({ shop: places });
  expect(series).toHaveLength(FAILOVERS_AT_START_MAX);
  expect(series.filter((s) => Reflect.get(s, 'reason') === 'connect-refused')).toHaveLength(25 * 24);
});

test('what happens beyond those at the start has its series all the same', () => {
  const series = new FailoverSeries();
  series.follow(topologyWith({ shop: Array.from({ length: 40 }, (_, i): Where => `aws/r${i}`) }));
  series.add(['r39', 'r38', 'reset'], 4);
  expect(series.samples().at(-1)).toMatchObject({
    sharedLabels: { from_region: 'r39', to_region: 'r38', reason: 'reset' },
    value: 4,
  });
});
