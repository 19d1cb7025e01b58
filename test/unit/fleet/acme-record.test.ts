import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acmeKey, acmeRecordOf, acmeTurnOf, mergeAcme } from '../../../src/fleet/acme-record.ts';
import type { SharedRecord, SharedValue } from '../../../src/fleet/fleet.ts';

const record = (value: SharedValue): SharedRecord => ({ key: 'acme/x/1', value, clock: {}, writtenAtMs: 0, by: 'a' });
const merged = (a: SharedValue, b: SharedValue) => mergeAcme(record(a), record(b));

const value = fc.oneof(
  fc.record({ sealed: fc.constantFrom('a', 'b'), rank: fc.integer({ min: -3, max: 3 }) }),
  fc.record({
    holder: fc.constantFrom('a', 'b'),
    untilMs: fc.constantFrom(0, 5),
    rank: fc.integer({ min: -3, max: 3 }),
  }),
  fc.constantFrom<SharedValue>({}, { rank: 'odd' }),
);

test('every edge comes to the same, in whatever order it hears of them', () => {
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      expect(merged(a, b)).toEqual(merged(b, a));
      expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
      expect(merged(a, a)).toEqual(a);
    }),
  );
});

test.each([
  ['the certificate that ends later', { sealed: 'x', rank: 90 }, { sealed: 'y', rank: 30 }],
  ['the account that was made first', { sealed: 'x', rank: -1000 }, { sealed: 'y', rank: -2000 }],
  ['the turn that was taken first', { holder: 'a', untilMs: 9, rank: -1 }, { holder: 'b', untilMs: 9, rank: -2 }],
  ['a turn that goes on', { holder: 'b', untilMs: 9, rank: -2 }, { holder: 'a', untilMs: 0, rank: -1 }],
])('%s holds', (_, one, other) => {
  expect(merged(one, other)).toEqual(one);
  expect(merged(other, one)).toEqual(one);
});

test('what is none is not read', () => {
  expect(acmeKey('turn', '1')).toBe('acme/turn/1');
  expect(acmeRecordOf(record({ sealed: 'x', rank: 1 }))).toEqual({ sealed: 'x', rank: 1 });
  expect(acmeTurnOf(record({ holder: 'a', untilMs: 1, rank: 1 }))).toEqual({ holder: 'a', untilMs: 1, rank: 1 });
  for (const odd of [{}, { sealed: 1, rank: 1 }, { sealed: 'x' }, { holder: 'a', untilMs: 'x', rank: 1 }]) {
    expect([acmeRecordOf(record(odd)), acmeTurnOf(record(odd))]).toEqual([undefined, undefined]);
  }
});
