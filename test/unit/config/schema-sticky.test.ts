import { expect, test } from 'vitest';
import { problemsOf, SERVICES, topologyOf } from './parse-text.ts';

const withSticky = (sticky: string) => `version: 1\n${SERVICES}    sticky: ${sticky}\n`;

test('a header is compared in lower case', () => {
  expect(topologyOf(withSticky('{ by: header, header: X-User-Id }')).services[0]?.sticky?.header).toBe('x-user-id');
});

test.each([
  ['{}', 'sticky.by: is missing'],
  ['{ by: ip }', 'sticky.by: must be cookie, header or client'],
  [
    '{ by: cookie, secrets: [short] }',
    '6:37 services.web.sticky.secrets[0]: must have at least 32 characters; it has 5',
  ],
  ['{ by: client, load: 1 }', 'sticky.load: must be a number from 1.05 to 10'],
])('%s', (sticky, message) => {
  expect(problemsOf(withSticky(sticky)).join('\n')).toContain(message);
});
