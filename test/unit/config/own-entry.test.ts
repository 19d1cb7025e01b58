import { expect, test } from 'vitest';
import { ownEntry } from '../../../src/config/own-entry.ts';

test('an entry is the record’s own, whatever it is called', () => {
  const called: Readonly<Record<string, number>> = Object.fromEntries([['constructor', 2]]);
  expect(ownEntry({ a: 1 }, 'a')).toBe(1);
  expect(ownEntry({ a: 1 }, 'constructor')).toBeUndefined();
  expect(ownEntry(called, 'constructor')).toBe(2);
});
