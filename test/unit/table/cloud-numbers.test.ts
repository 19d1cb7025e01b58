import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cloudCount, cloudNumber } from '../../../src/table/cloud-numbers.ts';
import { NO_PLACEMENT, NOT_BUSY, place } from '../../../src/table/placement.ts';
import { threeClouds } from '../../support/topology.ts';

const LIMITS = { rows: 12, services: 4, workers: 1 };
const withClouds = (...own: string[]) =>
  threeClouds({ top: `clouds: { ${own.map((name) => `${name}: {}`).join(', ')} }` });

test('the three have their numbers without a placement that names them', () => {
  expect(['aws', 'gcp', 'azure'].map((cloud) => cloudNumber({}, cloud))).toEqual([0, 1, 2]);
  expect(cloudCount({})).toBe(3);
  expect(() => cloudNumber({}, 'constructor')).toThrow(/no number/);
  expect(place(threeClouds(), NO_PLACEMENT, NOT_BUSY, LIMITS).placement).not.toHaveProperty('clouds');
});

test('others come after them, and keep their numbers wherever the file puts them', () => {
  const first = place(withClouds('onprem', 'constructor'), NO_PLACEMENT, NOT_BUSY, LIMITS);
  expect(first.freshClouds).toEqual([3, 4]);
  const next = place(withClouds('oci', 'constructor', 'onprem'), first.placement, NOT_BUSY, LIMITS);
  expect(['aws', 'onprem', 'constructor', 'oci'].map((cloud) => cloudNumber(next.placement, cloud))).toEqual([
    0, 3, 4, 5,
  ]);
  expect(next.freshClouds).toEqual([5]);
  expect(cloudCount(next.placement)).toBe(6);
});

test('a number of which something may still be heard is given to nobody', () => {
  const first = place(withClouds('onprem'), NO_PLACEMENT, NOT_BUSY, LIMITS).placement;
  const next = place(withClouds('oci'), first, NOT_BUSY, LIMITS).placement;
  expect(cloudNumber(next, 'oci')).toBe(4);
  const busy = { rows: new Set<number>(), slots: new Set<number>(), clouds: new Set([3]) };
  expect(cloudNumber(place(withClouds('oci', 'new'), next, busy, LIMITS).placement, 'new')).toBe(5);
  expect(cloudNumber(place(withClouds('oci', 'new'), next, NOT_BUSY, LIMITS).placement, 'new')).toBe(3);
});

test('from any clouds that a file may have to any others there is room, and no two share a number', () => {
  const names = (prefix: string) => Array.from({ length: 13 }, (_, i) => `${prefix}${i}`);
  const all = [...names('a'), ...names('b')];
  const some = fc.uniqueArray(fc.constantFrom(...all), { maxLength: 13 });
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), (files) => {
      let placement = NO_PLACEMENT;
      for (const own of files) {
        placement = place(withClouds(...own), placement, NOT_BUSY, LIMITS).placement;
        const numbers = ['aws', 'gcp', 'azure', ...own].map((cloud) => cloudNumber(placement, cloud));
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(numbers.slice(0, 3)).toEqual([0, 1, 2]);
        expect(Math.max(...numbers)).toBeLessThan(cloudCount(placement));
      }
    }),
  );
});
