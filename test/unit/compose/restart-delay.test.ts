import { expect, test } from 'vitest';
import { RESTART_MAX_MS, RESTART_MIN_MS, restartDelayMs } from '../../../src/compose/restart-delay.ts';

test('the first replacement comes at once, later ones after twice the time each, up to a limit', () => {
  expect([0, 1, 2, 3, 4].map(restartDelayMs)).toEqual([0, 1, 2, 4, 8].map((times) => times * RESTART_MIN_MS));
  expect(restartDelayMs(6)).toBe(RESTART_MAX_MS);
  expect(restartDelayMs(10_000)).toBe(RESTART_MAX_MS);
});
