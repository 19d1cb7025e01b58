import { expect, test } from 'vitest';
import { cloudLines, conditionLines, durationText } from '../../../src/main/condition-text.ts';
import { endpoint } from './shown-edge.ts';

test.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [97_200_000, '1 d 3 h'],
  [-5, '0 s'],
])('%d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('of one that is well there is nothing to say, until a check fails', () => {
  expect(conditionLines('a', endpoint('shop/aws/x/a'), 0)).toEqual([]);
  const check = { last: '1970-01-01T00:00:00.000Z', outcome: 'failed', error: 'no answer', next: null } as const;
  expect(conditionLines('a', endpoint('shop/aws/x/a', { reason: 'all checks are good', check }), 2000)).toEqual([
    'a: healthy: all checks are good; last check 2 s ago: no answer; one is under way',
  ]);
});

test('a flag that keeps one away is named, however well it is', () => {
  const lines = conditionLines('a', endpoint('shop/aws/x/a', { keptAwayBy: 'flags/freeze' }), 0);
  expect(lines).toEqual(['a: kept away by the flag flags/freeze, which is on']);
});

test('one that nobody has checked says so; a breaker that was moved before anybody asked says what it is', () => {
  expect(conditionLines('a', endpoint('shop/aws/x/a', { state: 'unknown', breaker: 'half-open' }), 0)).toEqual([
    'a: unknown: not checked yet',
    'a: breaker half-open',
  ]);
  const never = { breakerSince: null, breakerBy: null, breakerCause: null };
  expect(cloudLines({ service: 'shop', cloud: 'gcp', breaker: 'closed', ...never }, 0)).toEqual([]);
});
