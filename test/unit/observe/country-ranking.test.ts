import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHOSEN_EVERY_MS, COUNTRIES_SHOWN, CountryRanking } from '../../../src/observe/country-ranking.ts';
import { COUNTRY_CELLS, countryCell, countryOf } from '../../../src/table/country-cells.ts';

function stage() {
  const blocks = [{ countries: new Float64Array(COUNTRY_CELLS) }, { countries: new Float64Array(COUNTRY_CELLS) }];
  const now = { ms: 0 };
  const ranking = new CountryRanking(blocks, () => now.ms);
  const come = (country: string, requests: number, thread = 0) => {
    blocks[thread]!.countries[countryCell(country)]! += requests;
  };
  return { now, come, read: () => Object.fromEntries(ranking.read()), ranking };
}

test('requests of all threads are of their country; without one they are of unknown', () => {
  const { come, read, ranking } = stage();
  expect(read()).toEqual({ other: 0 });
  come('DE', 2);
  come('DE', 3, 1);
  come('', 4);
  expect(read()).toEqual({ DE: 5, unknown: 4, other: 0 });
  expect(ranking.family().samples().at(-1)).toEqual({ labels: { country: 'other' }, value: 0 });
});

test('beyond twenty there is other, until it is time to choose anew', () => {
  const { now, come, read } = stage();
  for (let i = 0; i < COUNTRIES_SHOWN; i += 1) come(countryOf(i), 10);
  read();
  come('FR', 1000);
  expect(read()).toMatchObject({ other: 1000 });
  expect(read()['FR']).toBeUndefined();
  now.ms += CHOSEN_EVERY_MS;
  come('FR', 5);
  const after = read();
  expect(after).toMatchObject({ FR: 5, other: 1000 });
  expect(Object.keys(after)).toHaveLength(COUNTRIES_SHOWN + 1);
});

test('no counter ever goes down, no request is lost, and there are never more than twenty and other', () => {
  const step = fc.record({ country: fc.nat(40), requests: fc.nat(100), passMs: fc.constantFrom(0, CHOSEN_EVERY_MS) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { now, come, read } = stage();
      const highest = new Map<string, number>();
      let sent = 0;
      for (const { country, requests, passMs } of steps) {
        come(countryOf(country), requests);
        sent += requests;
        now.ms += passMs;
        const shown = Object.entries(read());
        expect(shown.length).toBeLessThanOrEqual(COUNTRIES_SHOWN + 1);
        for (const [name, value] of shown) {
          expect(value).toBeGreaterThanOrEqual(highest.get(name) ?? 0);
          highest.set(name, value);
        }
        expect([...highest.values()].reduce((sum, value) => sum + value, 0)).toBe(sent);
      }
    }),
  );
});
