import { expect, test } from 'vitest';
import { MemoryStore } from '../../../src/degraded/memory-store.ts';
import { copyWith, headersOf } from './copies.ts';
import { storeContract } from './stores.ts';

storeContract((limits) => new MemoryStore(limits));

test('what was used lately stays', () => {
  const store = new MemoryStore({ bytes: 1_000_000, entries: 2 });
  store.put('http://x/a', copyWith());
  store.put('http://x/b', copyWith());
  store.find('http://x/a', headersOf(), 0);
  store.put('http://x/c', copyWith());
  expect(store.find('http://x/a', headersOf(), 0)).toBeDefined();
  expect(store.find('http://x/b', headersOf(), 0)).toBeUndefined();
});
