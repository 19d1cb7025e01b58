import { expect, test } from 'vitest';
import { mirrorHead } from '../../../../src/edge/message/mirror-head.ts';

const head = (...fields: readonly string[]) => ['GET /a HTTP/1.1', 'Host: a', ...fields, '', ''].join('\r\n');
const copy = (passesCredentials: boolean, ...fields: readonly string[]) =>
  mirrorHead(head(...fields), { host: undefined, passesCredentials })
    .split('\r\n')
    .slice(2, -2);

test('a copy is marked once, and waits for no 100', () => {
  const marked = 'X-Meridian-Mirror: 1';
  expect(copy(false, 'Accept: */*', 'Expect: 100-continue', 'x-meridian-mirror: 7')).toEqual(['Accept: */*', marked]);
  expect(mirrorHead(head(), { host: 'b:81', passesCredentials: false })).toBe(
    `GET /a HTTP/1.1\r\nHost: b:81\r\n${marked}\r\n\r\n`,
  );
});

test.each([
  'Authorization',
  'proxy-authorization',
  'Cookie',
  'X-Api-Key',
  'apikey',
  'X-Auth-Token',
  'X-Session-Id',
  'X-Amz-Security-Token',
  'Cf-Access-Jwt-Assertion',
  'X-Ms-Client-Principal',
  'X-Forwarded-Client-Cert',
  'X-Client-Cert',
  'X-Hasura-Admin-Secret',
  'X-User-Id',
  'DPoP',
])('%s says who asks, and is passed only by word', (name) => {
  expect(copy(false, `${name}: x`)).toHaveLength(1);
  expect(copy(true, `${name}: x`)).toHaveLength(2);
});

test.each([
  'Accept',
  'Content-Type',
  'X-Forwarded-For',
  'Via',
  'User-Agent',
  'If-None-Match',
  'Keyboard',
  'traceparent',
])('%s goes on', (name) => {
  expect(copy(false, `${name}: x`)).toHaveLength(2);
});
