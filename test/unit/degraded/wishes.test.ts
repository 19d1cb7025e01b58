import { expect, test } from 'vitest';
import { NO_WISHES, wishesOf } from '../../../src/degraded/wishes.ts';

test.each([
  [undefined, undefined, {}],
  [undefined, 'no-cache', { noCopy: true }],
  [undefined, 'other', {}],
  ['max-stale=1', 'no-cache', { maxStaleMs: 1000 }],
  ['No-Cache', undefined, { noCopy: true }],
  ['no-store', undefined, { noStore: true, noCopy: true }],
  ['only-if-cached , max-stale', undefined, { onlyIfCached: true, maxStaleMs: Number.POSITIVE_INFINITY }],
  ['max-age="7"', undefined, { maxAgeMs: 7000 }],
  ['max-age=x, min-fresh=y, max-stale=z', undefined, { maxAgeMs: 0 }],
  ['max-age=5, max-age=9', undefined, { maxAgeMs: 5000 }],
  ['x="no-cache, only-if-cached", min-fresh=2', undefined, { minFreshMs: 2000 }],
  ['max-stale=99999999999999999999', undefined, { maxStaleMs: 2 ** 31 * 1000 }],
])('Cache-Control: %s, Pragma: %s', (control, pragma, expected) => {
  expect(wishesOf(control, pragma)).toEqual({ ...NO_WISHES, ...expected });
});
