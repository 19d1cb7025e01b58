import { expect, test } from 'vitest';
import { authorityOf } from '../../../../src/edge/message/authority.ts';

test.each([
  ['http', 'origin.example', 80, 'origin.example'],
  ['https', 'origin.example', 443, 'origin.example'],
  ['http', 'origin.example', 443, 'origin.example:443'],
  ['https', '10.0.0.1', 8443, '10.0.0.1:8443'],
  ['http', '::1', 80, '[::1]'],
  ['http', '::1', 8080, '[::1]:8080'],
] as const)('%s to %s at %d is %s', (protocol, host, port, authority) => {
  expect(authorityOf({ protocol, host, port, basePath: '' })).toBe(authority);
});
