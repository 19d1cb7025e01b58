import { expect, test } from 'vitest';
import { LINGER_BYTES_MAX, LINGER_MS, LINGER_TOTAL_MS } from '../../../../../src/edge/client/lingering.ts';
import { Farewell } from '../../../../../src/edge/wire/client/farewell.ts';

test('a client that takes what was written is waited for, one that stops is not', () => {
  const farewell = new Farewell();
  expect(farewell.isTaking(0, 10_000)).toBe(false);
  for (let left = 100; left > 0; left -= 10) expect(farewell.isTaking(left, 2 * LINGER_MS)).toBe(true);
  expect(farewell.isTaking(10, 2 * LINGER_MS)).toBe(true);
  expect(farewell.isTaking(10, 2 * LINGER_MS)).toBe(false);
});

test('a client that sends on is read on, within limits of bytes and time', () => {
  const farewell = new Farewell();
  expect(farewell.isSending()).toBe(false);
  expect(farewell.came(1)).toBe(true);
  expect(farewell.isSending()).toBe(true);
  expect(farewell.isSending()).toBe(false);
  let ms = 3 * LINGER_MS;
  for (; farewell.came(1) && farewell.isSending(); ms += LINGER_MS);
  expect(ms).toBeLessThan(LINGER_TOTAL_MS);
  expect(farewell.came(LINGER_BYTES_MAX)).toBe(false);
});
