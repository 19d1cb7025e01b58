import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  demandText,
  readDemand,
  readTotals,
  TOLD_MAX,
  TOTALS_MAX,
  totalsText,
} from '../../../src/fleet/client-text.ts';

const names = fc.integer({ min: 0, max: 2 ** 46 - 1 });
const amounts = fc.integer({ min: 1, max: 1e9 });

test('what is told of clients arrives as it was told', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(names, amounts), { selector: ([name]) => name, maxLength: TOLD_MAX }),
      (all) => {
        expect([...readDemand(demandText(new Map(all)))]).toEqual(all);
        const totals = new Map(all.map(([name, demand], i) => [name, { demand, edges: 1 + (i % 7) }]));
        expect(new Map(readTotals(totalsText(totals)))).toEqual(totals);
      },
    ),
  );
});

test('nothing is told of nobody, and the text of the most is bounded', () => {
  expect([demandText(new Map()), readDemand('').size, readTotals('').size]).toEqual(['', 0, 0]);
  const most = new Map(Array.from({ length: 5000 }, (_, i) => [2 ** 46 - 1 - i, 1e12]));
  expect(readDemand(demandText(most)).size).toBe(TOLD_MAX);
  expect(demandText(most).length).toBeLessThanOrEqual(2300);
  const totals = new Map([...most].map(([name], i) => [name, { demand: i + 1, edges: 999 }]));
  const heard = readTotals(totalsText(totals));
  expect(totalsText(totals).length).toBeLessThanOrEqual(5400);
  // The heaviest are those that are heard of.
  expect(heard.size).toBe(TOTALS_MAX);
  expect(Math.min(...[...heard.values()].map(({ demand }) => demand))).toBe(5000 - TOTALS_MAX + 1);
});

test.each(['x', 'a', 'a.', '.5', 'a.0', 'a.-1', 'a.1.5.7,,', 'A.5', 'zzzzzzzzzz.5', 'a.zzzzzzzzz', '{"a":1}', ' a.5'])(
  'what cannot be read is left out: %s',
  (text) => {
    expect([...readTotals(text)].filter(([name]) => name !== 10)).toEqual([]);
    expect([...readDemand(`${text},b.7`).keys()].filter((name) => name !== 10)).toEqual([11]);
  },
);
