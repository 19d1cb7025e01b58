import { describe, expect, test } from 'vitest';
import { writeFactors } from '../../../bench/latency/factors-text.ts';
import { readFactors, typicalFactors } from '../../../src/geo/factors.ts';
import { FITTED_FACTORS } from '../../../src/geo/fitted-factors.ts';
import { HUBS } from '../../../src/geo/hubs.ts';
import { LINKS } from '../../../src/geo/links.ts';
import { SUBREGIONS } from '../../../src/geo/subregions.ts';

function pairAt(from: string, to: string): number {
  const names: readonly string[] = SUBREGIONS;
  return names.indexOf(from) * SUBREGIONS.length + names.indexOf(to);
}

test('every line lands where it belongs, and pairs on both sides', () => {
  const factors = readFactors(`
all 4 0.8
hub london 2.5 paris 1.4
subregion brazil 2 us-east 1.1
`);
  expect(factors).toMatchObject({ baseMs: 4, direct: 0.8 });
  expect(factors.accessMs[HUBS.findIndex(({ name }) => name === 'london')]).toBe(2.5);
  const link = LINKS.findIndex(({ a, b }) => HUBS[a]?.name === 'london' && HUBS[b]?.name === 'paris');
  expect(factors.linkInflation[link]).toBe(1.4);
  expect(factors.legInflation[SUBREGIONS.indexOf('brazil')]).toBe(2);
  expect(factors.pairFactor[pairAt('brazil', 'us-east')]).toBe(1.1);
  expect(factors.pairFactor[pairAt('us-east', 'brazil')]).toBe(1.1);
});

test('what is not mentioned, or no longer exists, stays typical', () => {
  const text =
    'all 3 0.9\nhub atlantis 7 london 2\nsubregion mu 3 brazil 2\nhub london 1 atlantis 2\nsubregion brazil 1.8 mu 2';
  expect(readFactors(text)).toEqual(typicalFactors());
});

describe('what cannot be meant is refused', () => {
  test.each([
    'all x 1',
    'hub london',
    'hub london 1 paris',
    'hub london -1',
    'subregion brazil 1 us-east NaN',
    'city london 1',
  ])('%s', (text) => {
    expect(() => readFactors(text)).toThrow(/Fitted factors have/);
  });
});

test('what ships was fitted: it mentions every hub and every subregion, and reads back as it was written', () => {
  const lines = FITTED_FACTORS.trim().split('\n');
  for (const { name } of HUBS) expect(lines.filter((line) => line.startsWith(`hub ${name} `))).toHaveLength(1);
  for (const name of SUBREGIONS) expect(lines.filter((line) => line.startsWith(`subregion ${name} `))).toHaveLength(1);
  expect(writeFactors(readFactors(FITTED_FACTORS))).toBe(FITTED_FACTORS.trim());
});
