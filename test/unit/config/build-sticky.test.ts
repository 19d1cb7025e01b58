import { expect, test } from 'vitest';
import { buildSticky } from '../../../src/config/build-sticky.ts';

test('without the block, clients stay nowhere', () => {
  expect(buildSticky(undefined)).toBeUndefined();
});

test('defaults are filled in', () => {
  expect(buildSticky({ by: 'client' })).toEqual({
    by: 'client',
    header: '',
    cookie: { name: 'meridian', secrets: [], ttlMs: 3_600_000, sameSite: 'lax', secure: true },
    onFailure: 'move',
    loadMax: 1.25,
  });
});
