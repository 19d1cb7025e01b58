import { expect, test } from 'vitest';
import { isForwarded } from '../../../src/admin/forwarded.ts';

test.each([
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-server',
  'x-real-ip',
  'true-client-ip',
  'x-original-url',
])('%s says that somebody passed the request on', (name) => {
  expect(isForwarded({ host: 'localhost', [name]: '' })).toBe(true);
});

test('what tools send of themselves says nothing of the kind', () => {
  expect(isForwarded({ host: 'localhost', 'user-agent': 'curl', accept: '*/*', 'x-request-id': 'a' })).toBe(false);
});
