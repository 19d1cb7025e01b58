import { expect, test } from 'vitest';
import { statusRanges } from '../../../src/config/status-ranges.ts';

test.each([
  [200, [[200, 200]]],
  ['200', [[200, 200]]],
  ['200-399', [[200, 399]]],
  [
    '200-299,404',
    [
      [200, 299],
      [404, 404],
    ],
  ],
  [
    '200 - 299, 404',
    [
      [200, 299],
      [404, 404],
    ],
  ],
  [
    [200, '300-399'],
    [
      [200, 200],
      [300, 399],
    ],
  ],
  ['100-599', [[100, 599]]],
])('%j', (value, ranges) => {
  expect(statusRanges.read(value)).toEqual({ ok: true, value: ranges });
});

test.each([
  ['399-200', [], 'has the range 399-200; write it as 200-399'],
  ['99', [], 'must be statuses from 100 to 599'],
  ['200-600', [], 'must be statuses from 100 to 599'],
  ['2xx', [], 'it is "2xx"'],
  ['', [], 'must be statuses such as'],
  [true, [], 'it is the boolean true'],
  [[], [], 'must be 1 to 32 ranges'],
  [Array.from({ length: 33 }, () => 200), [], 'must be 1 to 32 ranges'],
  [[200, 'ok'], [1], 'it is "ok"'],
])('%j is refused where it is wrong', (value, path, message) => {
  const read = statusRanges.read(value);
  expect(read.ok ? undefined : read.faults[0]?.path).toEqual(path);
  expect(read.ok ? undefined : read.faults[0]?.message).toContain(message);
});
