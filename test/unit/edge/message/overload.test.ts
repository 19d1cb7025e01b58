import { expect, test } from 'vitest';
import { isOverload } from '../../../../src/edge/message/overload.ts';

test.each([
  [503, [['Retry-After', '2']], true],
  [
    503,
    [
      ['Server', 'x'],
      ['retry-after', 'Fri, 27 Nov 2026 10:00:00 GMT'],
    ],
    true,
  ],
  [503, [['X-Retry-After', '2']], false],
  [503, [], false],
  [500, [['Retry-After', '2']], false],
  [429, [['Retry-After', '2']], false],
])('a %d with %j has no room: %s', (status, fields, overload) => {
  expect(isOverload(status, fields.map(([name, value]) => `${name}: ${value}\r\n`).join(''))).toBe(overload);
});
