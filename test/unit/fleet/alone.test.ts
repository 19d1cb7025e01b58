import { expect, test } from 'vitest';
import { alone } from '../../../src/fleet/alone.ts';
import type { SharedRecord } from '../../../src/fleet/fleet.ts';

test('what is put is in force here at once, is listed, and is reported', async () => {
  const fleet = alone({ edge: 'a', region: 'local', wallMs: () => 42 });
  const told: SharedRecord[] = [];
  fleet.onChange((record) => told.push(record));
  const putting = fleet.put('x/1', { level: 1 });
  expect(told).toHaveLength(1);
  expect(await putting).toEqual({
    stored: 'here',
    record: { key: 'x/1', value: { level: 1 }, clock: { a: 1 }, writtenAtMs: 42, by: 'a' },
  });
  await fleet.put('x/0', {});
  await fleet.put('y', {});
  const { record } = await fleet.put('x/1', { level: 2 });
  expect(record.clock).toEqual({ a: 2 });
  expect(fleet.list('x/').map(({ key, value }) => [key, value])).toEqual([
    ['x/0', {}],
    ['x/1', { level: 2 }],
  ]);
});

test('it is the only edge there is', async () => {
  const fleet = alone({ edge: 'a', region: 'aws/us-east-1', wallMs: () => 0 });
  await fleet.start();
  fleet.report(new Map([['e', { inFlight: 3, seen: 'up' as const }]]));
  expect(fleet.digest()).toEqual({ edges: 0, endpoints: new Map() });
  expect(fleet.status()).toMatchObject({ edge: 'a', edges: [{ id: 'a' }], regions: [], lags: [], records: 0 });
  await fleet.close();
});
