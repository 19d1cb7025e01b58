import { expect, test } from 'vitest';
import { writeCacheLevels } from '../../../../src/edge/thread/cache-levels.ts';
import { countCell, levelCell, SERVICE_CELLS } from '../../../../src/table/service-cells.ts';

test('levels are those of now, evictions are added up, and all is in the slot of the service', () => {
  const services = new Float64Array(3 * SERVICE_CELLS);
  const cell = (at: number) => services[SERVICE_CELLS + at];
  writeCacheLevels({ takesCopies: true, takeLevels: () => ({ bytes: 10, entries: 2, evicted: 3 }) }, 1, { services });
  writeCacheLevels({ takesCopies: true, takeLevels: () => ({ bytes: 7, entries: 1, evicted: 4 }) }, 1, { services });
  expect([cell(levelCell('cache-bytes')), cell(levelCell('cache-entries'))]).toEqual([7, 1]);
  expect([cell(countCell('cache-eviction')), cell(levelCell('cache-refuses'))]).toEqual([7, 0]);
  expect(services.filter((value) => value !== 0)).toHaveLength(3);
});

test('a store that cannot be read holds nothing and takes nothing', () => {
  const services = new Float64Array(SERVICE_CELLS);
  writeCacheLevels({ takesCopies: false, takeLevels: () => undefined }, 0, { services });
  expect(services[levelCell('cache-refuses')]).toBe(1);
  expect(services[levelCell('cache-bytes')]).toBe(0);
});
