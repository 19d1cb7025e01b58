import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAILED_STATUSES, nextStep, type Situation, type Step } from '../../../src/degraded/ladder.ts';

const NOTHING: Situation = { primary: 'failed', copy: 'none', fallbacks: { tried: 0, all: 0 }, waited: false };
const TWO = { tried: 0, all: 2 };

const cases: readonly (readonly [string, Partial<Situation>, Step])[] = [
  ['the endpoints have their time first', { primary: 'pending', copy: 'fresh', fallbacks: TWO }, 'await'],
  ['a fresh copy before the fallbacks', { primary: 'late', copy: 'fresh', fallbacks: TWO }, 'serve-copy'],
  ['a granted copy before the fallbacks', { copy: 'granted', fallbacks: TWO }, 'serve-copy'],
  ['the fallbacks before an old copy', { copy: 'old', fallbacks: TWO }, 'ask-fallback'],
  ['the next fallback', { copy: 'old', fallbacks: { tried: 1, all: 2 } }, 'ask-fallback'],
  ['an old copy after them', { copy: 'old', fallbacks: { tried: 2, all: 2 } }, 'serve-copy'],
  ['an old copy before waiting', { primary: 'late', copy: 'old' }, 'serve-copy'],
  ['late endpoints are waited for', { primary: 'late' }, 'hold-on'],
  ['but not for ever', { primary: 'late', waited: true }, 'refuse'],
  ['nor when they have failed', {}, 'refuse'],
  ['an unwanted copy after the fallbacks', { copy: 'unwanted', fallbacks: TWO }, 'ask-fallback'],
  ['an unwanted copy after waiting', { primary: 'late', copy: 'unwanted' }, 'hold-on'],
  ['an unwanted copy rather than nothing', { primary: 'late', copy: 'unwanted', waited: true }, 'serve-copy'],
];
test.each(cases)('%s', (_, situation, expected) => {
  expect(nextStep({ ...NOTHING, ...situation })).toBe(expected);
});

test('every ladder ends, and no copy is left unserved', () => {
  const situation = fc.record({
    primary: fc.constantFrom('late' as const, 'failed' as const),
    copy: fc.constantFrom('fresh' as const, 'granted' as const, 'old' as const, 'unwanted' as const, 'none' as const),
    all: fc.nat(8),
  });
  fc.assert(
    fc.property(situation, ({ primary, copy, all }) => {
      let tried = 0;
      let waited = false;
      for (let steps = 0; steps <= all + 2; steps += 1) {
        const step = nextStep({ primary, copy, fallbacks: { tried, all }, waited });
        if (step === 'ask-fallback') tried += 1;
        else if (step === 'hold-on') waited = true;
        else {
          expect(step).toBe(copy === 'none' ? 'refuse' : 'serve-copy');
          return;
        }
      }
      throw new Error('it did not end');
    }),
  );
});

test('a failure is what another attempt might mend', () => {
  expect([...FAILED_STATUSES]).toEqual([500, 502, 503, 504]);
});
