import { expect, test } from 'vitest';
import { degradedFaults } from '../../../src/config/rules-degraded.ts';

const faultsOf = (...ladders: readonly object[]) =>
  degradedFaults({
    services: Object.fromEntries(ladders.map((degraded, i) => [`s${i}`, { degraded }])),
  }).map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);

test.each([
  [{ cache: { store: 'sqlite' } }, /^s0\.degraded\.cache\.store: is sqlite, which needs a file/],
  [{ cache: { path: '/a' } }, /^s0\.degraded\.cache\.path: is only for store: sqlite/],
  [{ cache: { bytes: '512KiB' } }, /^s0\.degraded\.cache\.bytes: makes entry_bytes \(1048576 bytes\) larger/],
  [{ cache: { entry_bytes: '1GiB' } }, /^s0\.degraded\.cache\.entry_bytes: makes/],
  [
    { fallbacks: Array.from({ length: 9 }, () => ({ url: 'http://a' })) },
    /^s0\.degraded\.fallbacks: has 9 backends; at most 8/,
  ],
])('%o is one fault', (degraded, fault) => {
  expect(faultsOf(degraded)).toEqual([expect.stringMatching(fault)]);
});

test('what is no ladder is the schema to refuse', () => {
  expect(degradedFaults({ services: { a: { degraded: 5 }, b: 7 } })).toEqual([]);
});
