import { expect, test } from 'vitest';
import { acmeMessage } from '../../../src/observe/acme-message.ts';

const about = { domain: 'a.example.com', directory: 'https://ca.example:14000/dir' };

test('what was obtained says until when', () => {
  const event = {
    ...about,
    type: 'acme-obtained',
    notAfterMs: 90 * 86_400_000,
    renewMs: 60 * 86_400_000,
    tookMs: 5,
  } as const;
  const { level, message } = acmeMessage(event);
  expect(level).toBe('info');
  expect(message).toContain('ca.example:14000 has issued a certificate for a.example.com; it ends on 1970-04-01T');
});

test.each([
  ['away', 1, 'warn'],
  ['away', 2, 'error'],
  ['refused', 1, 'error'],
] as const)('%s for the %i. time is an %s', (trouble, failures, level) => {
  const event = { ...about, type: 'acme-failed', trouble, failures, error: 'why', againMs: 5400 } as const;
  expect(acmeMessage(event)).toEqual({
    level,
    message:
      'no certificate for a.example.com from ca.example:14000; what is in use stays, and it is tried again in 5 s: why',
  });
});
