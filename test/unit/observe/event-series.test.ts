import { expect, test } from 'vitest';
import { EventSeries } from '../../../src/observe/event-series.ts';

const shown = (series: EventSeries) =>
  series.samples().map((s) => [Object.values(s.sharedLabels ?? {}).join(' '), s.value]);

test('adding adds up by label values, and adding 0 makes a series exist', () => {
  const series = new EventSeries(['from', 'to'], 10);
  series.add(['a', 'b'], 0);
  series.add(['b', 'a'], 2);
  series.add(['b', 'a'], 3);
  expect(shown(series)).toEqual([
    ['a b', 0],
    ['b a', 5],
  ]);
  expect(series.samples()[0]?.sharedLabels).toEqual({ from: 'a', to: 'b' });
});

test('values that look alike when joined are told apart', () => {
  const series = new EventSeries(['from', 'to'], 10);
  series.add(['a,b', 'c'], 1);
  series.add(['a', 'b,c'], 1);
  expect(series.size).toBe(2);
});

test('beyond its limit everything is counted together, and what is known goes on', () => {
  const series = new EventSeries(['from', 'to'], 2);
  for (const [i, name] of ['a', 'b', 'c', 'd', 'a'].entries()) series.add([name, 'x'], i + 1);
  expect(shown(series)).toEqual([
    ['a x', 6],
    ['b x', 2],
    ['other other', 7],
  ]);
});
