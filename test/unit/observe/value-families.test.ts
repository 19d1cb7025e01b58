import { expect, test } from 'vitest';
import { valueFamilies } from '../../../src/observe/value-families.ts';

test('keys, bytes, conflicts, writes by result, and who votes', () => {
  const families = valueFamilies({
    keys: () => ({ live: 3, deleted: 1 }),
    bytes: () => 99,
    conflicts: () => 2,
    writes: () => new Map([['strong unknown', 4]]),
    voters: () => 2,
  });
  const samples = Object.fromEntries(families.map(({ name, samples: of }) => [name, of()]));
  expect(samples['meridian_fleet_values']).toEqual([
    { labels: { state: 'live' }, value: 3 },
    { labels: { state: 'deleted' }, value: 1 },
  ]);
  expect(samples['meridian_fleet_values_bytes']).toEqual([{ labels: {}, value: 99 }]);
  expect(samples['meridian_fleet_values_conflicting']).toEqual([{ labels: {}, value: 2 }]);
  expect(samples['meridian_fleet_value_writes_total']).toHaveLength(12);
  expect(samples['meridian_fleet_value_writes_total']).toContainEqual({
    labels: { consistency: 'strong', result: 'unknown' },
    value: 4,
  });
  expect(samples['meridian_fleet_value_voters']).toEqual([{ labels: {}, value: 2 }]);
});
