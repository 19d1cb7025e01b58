import { expect, test } from 'vitest';
import { RENEWAL_INFO_MS, renewalInfoOf } from '../../../src/acme/renewal-info.ts';

const [start, end] = ['2026-11-28T00:00:00Z', '2026-11-29T00:00:00Z'];
const window = { startMs: Date.parse(start), endMs: Date.parse(end) };

test.each([
  ['a window', { suggestedWindow: { start, end } }, window],
  ['one that ends before it begins', { suggestedWindow: { start: end, end: start } }, undefined],
  ['one of no length', { suggestedWindow: { start, end: start } }, undefined],
  ['no dates', { suggestedWindow: { start: 'soon', end: 7 } }, undefined],
  ['no window', {}, undefined],
  ['nonsense', { suggestedWindow: 'now' }, undefined],
  ['nothing', { suggestedWindow: null }, undefined],
])('of %s', (_, value, read) => {
  expect(renewalInfoOf({ value, retryAfterMs: 0 }).window).toEqual(read);
});

test.each([
  [0, RENEWAL_INFO_MS],
  [1000, 60_000],
  [3_600_000, 3_600_000],
  [1e12, 24 * 3_600_000],
])('asked to come back in %i ms it does in %i', (retryAfterMs, againMs) => {
  expect(renewalInfoOf({ value: {}, retryAfterMs })).toEqual({ window: undefined, againMs });
});
