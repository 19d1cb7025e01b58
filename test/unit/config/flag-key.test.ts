import { expect, test } from 'vitest';
import { flagKey } from '../../../src/config/flag-key.ts';

test.each([
  ['freeze', 'flags/freeze'],
  ['flags/freeze', 'flags/freeze'],
  ['ops/eu/freeze', 'ops/eu/freeze'],
])('%s is the flag %s', (written, key) => {
  expect(flagKey.read(written)).toEqual({ ok: true, value: key });
});

test.each(['', '/x', 'a b', true, 7, 'x'.repeat(195)])('%j is none', (written) => {
  expect(flagKey.read(written).ok).toBe(false);
});
