import { expect, test } from 'vitest';
import { ownEntry } from '../../../src/config/own-entry.ts';

test('an entry is the record’s own, whatever it is called', () => {
  expect(ownEntry({ a: 1 }, 'a')).toBe(1);
  expect(ownEntry({ a: 1 }, 'constructor')).toBeUndefined();
  expect(ownEntry(JSON.parse('{"constructor": 2}'), 'constructor')).toBe(2);
});
