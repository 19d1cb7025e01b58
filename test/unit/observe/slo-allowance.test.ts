import { expect, test } from 'vitest';
import { allowanceText, allowedDownMs, PUBLISHED_OBJECTIVES, YEAR_MS } from '../../../src/observe/slo-allowance.ts';

test('the budgets of a year are those of the published table', () => {
  expect(PUBLISHED_OBJECTIVES.map((objective) => allowanceText(allowedDownMs(objective, YEAR_MS)))).toEqual([
    '8.76 h',
    '4.38 h',
    '52.56 min',
    '5.26 min',
  ]);
});

test.each([
  [3_600_000, '1.00 h'],
  [59_999, '60.00 s'],
  [60_000, '1.00 min'],
  [0, '0.00 s'],
])('%d ms is written %s', (ms, text) => {
  expect(allowanceText(ms)).toBe(text);
});
