import { expect, test } from 'vitest';
import { stickySecrets } from '../../../src/config/sticky-secrets.ts';

const GOOD = '0123456789abcdef0123456789abcdef';

test('secrets of 32 characters and more are read as they are', () => {
  expect(stickySecrets.read([GOOD, 'x'.repeat(64)])).toEqual({ ok: true, value: [GOOD, 'x'.repeat(64)] });
});

test.each([
  [['short-secret'], 'must have at least 32 characters; it has 12 (not shown); make one with: openssl rand -hex 32'],
  [[GOOD, GOOD], 'repeats another secret; remove one of them'],
  [[], 'must be a list of 1 to 8 secrets'],
  [GOOD, 'must be a list of 1 to 8 secrets'],
  [[`${GOOD} with spaces`], 'may have no spaces'],
  [[7], 'must be a secret'],
])('%j is refused, and never shown', (given, message) => {
  const read = stickySecrets.read(given);
  const text = read.ok ? '' : (read.faults[0]?.message ?? '');
  expect(text).toContain(message);
  expect(text).not.toMatch(/short-secret|0123456789/);
});
