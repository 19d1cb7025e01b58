import { expect, test } from 'vitest';
import { mayRefuse, retryAfterMs } from '../../../../src/edge/message/overload.ts';

test('an endpoint refuses with 503 and 429', () => {
  expect([503, 429, 500, 200, 504].map(mayRefuse)).toEqual([true, true, false, false, false]);
});

const AT = 'Date: Fri, 27 Nov 2026 09:59:30 GMT';
test.each([
  [['Retry-After: 2'], 2000],
  [['Server: x', 'retry-after:  120 '], 120_000],
  [['Retry-After: 0'], 0],
  [[AT, 'Retry-After: Fri, 27 Nov 2026 10:00:00 GMT'], 30_000],
  [['Retry-After: Fri, 27 Nov 2026 09:00:00 GMT', AT], 0],
  [['Retry-After: Fri, 27 Nov 2026 10:00:00 GMT'], 0],
  [['Retry-After: soon', AT], 0],
  [['Retry-After: -5'], 0],
  [['Retry-After: 99999999999999'], 0],
  [['X-Retry-After: 2'], undefined],
  [[], undefined],
])('%j asks for %s ms', (fields, expected) => {
  expect(retryAfterMs(fields.map((line) => `${line}\r\n`).join(''))).toBe(expected);
});
