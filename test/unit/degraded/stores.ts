import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBytes } from '../../../src/degraded/copy.ts';
import type { CopyStore, StoreLimits } from '../../../src/degraded/copy-store.ts';
import { copyWith, headersOf } from './copies.ts';

export type Measured = CopyStore & { readonly bytes: number; readonly entries: number };

const URL_A = 'http://shop.example/a';
const SIZE = copyBytes(URL_A, copyWith());

/** What every store must do, whatever it keeps its copies in. */
export function storeContract(make: (limits: StoreLimits) => Measured): void {
  const roomy = () => make({ bytes: 1_000_000, entries: 100 });

  test('what was put is found, as it was, until it is of no use', () => {
    const store = roomy();
    const copy = copyWith({ ifErrorMs: 5, mayBeStale: false, body: Buffer.from([0, 255, 10]) });
    store.put(URL_A, copy);
    expect(store.find(URL_A, headersOf(), 69_999)).toEqual(copy);
    expect(store.find(URL_A, headersOf(), 70_000)).toBeUndefined();
    expect(store.find('http://shop.example/b', headersOf(), 0)).toBeUndefined();
    expect([store.staleAtMs(URL_A), store.staleAtMs('http://shop.example/b')]).toEqual([10_000, undefined]);
  });

  test('variants of a URL live beside each other, and the newest of one replaces it', () => {
    const store = roomy();
    store.put(URL_A, copyWith({ vary: { lang: 'de' }, body: Buffer.from('eins') }));
    store.put(URL_A, copyWith({ vary: { lang: 'en' }, body: Buffer.from('one') }));
    store.put(URL_A, copyWith({ vary: { lang: 'de' }, body: Buffer.from('zwei'), bornMs: 5 }));
    expect(store.entries).toBe(2);
    expect(store.find(URL_A, headersOf({ lang: 'de' }), 0)?.body.toString()).toBe('zwei');
    expect(store.find(URL_A, headersOf({ lang: 'en' }), 0)?.body.toString()).toBe('one');
    expect(store.find(URL_A, headersOf(), 0)).toBeUndefined();
  });

  test('a Vary that is different each time does not fill it', () => {
    const store = make({ bytes: 1_000_000, entries: 1000 });
    for (let i = 0; i < 100; i += 1) store.put(URL_A, copyWith({ vary: { id: String(i) }, bornMs: i }));
    expect(store.entries).toBe(32);
    expect(store.find(URL_A, headersOf({ id: '99' }), 0)).toBeDefined();
    expect(store.find(URL_A, headersOf({ id: '0' }), 0)).toBeUndefined();
  });

  test('one URL, a prefix or everything can be forgotten', () => {
    const store = roomy();
    const paths = ['/a', '/a%', '/a_b', '/axb', '/b'];
    const left = () => paths.filter((path) => store.find(`http://x${path}`, headersOf(), 0) !== undefined);
    for (const path of paths) store.put(`http://x${path}`, copyWith());
    store.remove('http://x/b');
    expect(left()).toEqual(['/a', '/a%', '/a_b', '/axb']);
    store.purge('http://x/a_');
    expect(left()).toEqual(['/a', '/a%', '/axb']);
    store.purge('');
    expect([left(), store.bytes, store.entries]).toEqual([[], 0, 0]);
  });

  test('the oldest go first, and one that is larger than everything is not taken', () => {
    const store = make({ bytes: SIZE * 3, entries: 100 });
    for (const [at, path] of ['a', 'b', 'c', 'd'].entries()) {
      store.put(`http://shop.example/${path}`, copyWith({ bornMs: at }));
    }
    expect([store.entries, store.bytes]).toEqual([3, SIZE * 3]);
    expect(store.find(URL_A, headersOf(), 0)).toBeUndefined();
    store.put(URL_A, copyWith({ body: Buffer.alloc(SIZE * 3) }));
    expect(store.find(URL_A, headersOf(), 0)).toBeUndefined();
  });

  test('whatever is put, its limits hold and its sums are right', () => {
    const put = fc.record({ path: fc.nat(8), size: fc.nat(600), lang: fc.nat(2), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(put, { maxLength: 60 }), (puts) => {
        const limits = { bytes: 5000, entries: 6 };
        const store = make(limits);
        for (const [at, { path, size, lang, remove }] of puts.entries()) {
          const url = `http://x/${path}`;
          if (remove) store.remove(url);
          else store.put(url, copyWith({ body: Buffer.alloc(size), vary: { lang: String(lang) }, bornMs: at }));
          expect(store.bytes).toBeLessThanOrEqual(limits.bytes);
          expect(store.entries).toBeLessThanOrEqual(limits.entries);
          expect(store.bytes).toBeGreaterThanOrEqual(0);
        }
        store.purge('');
        expect([store.bytes, store.entries]).toEqual([0, 0]);
        store.close();
      }),
      { numRuns: 50 },
    );
  });
}
