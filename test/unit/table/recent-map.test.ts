import { expect, test } from 'vitest';
import { RecentMap } from '../../../src/table/recent-map.ts';

test('what was asked for longest ago makes way', () => {
  const map = new RecentMap<string, number>(2);
  expect([map.add('a', 1), map.add('b', 2)]).toEqual([undefined, undefined]);
  expect(map.get('a')).toBe(1);
  expect(map.add('c', 3)).toBe(2);
  expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
  expect([...map.values()]).toEqual([1, 3]);
});

test('a cleared one has room again', () => {
  const map = new RecentMap<string, number>(1);
  map.add('a', 1);
  map.clear();
  expect([map.get('a'), map.add('b', 2), map.size]).toEqual([undefined, undefined, 1]);
});
