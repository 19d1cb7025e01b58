import { expect, test } from 'vitest';
import { BoundedKeys } from '../../../src/degraded/bounded-keys.ts';

test('keys have a bound by number', () => {
  const keys = new BoundedKeys<number>({ keys: 2, chars: 100 });
  for (const [at, key] of ['a', 'b', 'a', 'c'].entries()) keys.set(key, at);
  expect([keys.get('a'), keys.get('b'), keys.get('c'), keys.size]).toEqual([2, undefined, 3, 2]);
});

test('and by their characters, whatever one key has', () => {
  const keys = new BoundedKeys<number>({ keys: 100, chars: 10 });
  keys.set('four', 1);
  keys.set('five5', 2);
  keys.set('xx', 3);
  expect([keys.get('four'), keys.get('five5'), keys.get('xx')]).toEqual([undefined, 2, 3]);
  keys.set('x'.repeat(11), 4);
  expect(keys.size).toBe(0);
  keys.set('ten chars!', 5);
  keys.delete('ten chars!');
  keys.set('ten chars?', 6);
  expect(keys.size).toBe(1);
  keys.clear();
  expect(keys.size).toBe(0);
});
