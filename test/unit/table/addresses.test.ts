import { expect, test } from 'vitest';
import { rotated } from '../../../src/table/addresses.ts';

test.each([
  [0, [1, 2, 3]],
  [1, [2, 3, 1]],
  [3, [1, 2, 3]],
  [5, [3, 1, 2]],
])('beginning with %d', (first, ports) => {
  const addresses = [1, 2, 3].map((port) => ({ host: '127.0.0.1', port }));
  expect(rotated(addresses, first).map(({ port }) => port)).toEqual(ports);
});
