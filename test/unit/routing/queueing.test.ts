import { expect, test } from 'vitest';
import { meanWaitMs } from '../../../src/routing/queueing.ts';

test.each([
  // M/M/1 waits ρ / (1 - ρ) of a service, M/M/2 ρ² / (1 - ρ²).
  [1, 0.5, 1],
  [1, 0.9, 9],
  [2, 1, 1 / 3],
])('%d servers of which %d are busy: a wait of %d services', (servers, load, services) => {
  expect(meanWaitMs(servers, load, 10, 1)).toBeCloseTo(services * 10, 6);
  expect(meanWaitMs(servers, load, 10, 0)).toBeCloseTo(services * 5, 6);
});

test('nobody waits where nothing comes', () => {
  expect(meanWaitMs(9, 0, 30, 1)).toBe(0);
});
