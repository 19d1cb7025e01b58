import { expect, test } from 'vitest';
import { timeoutFaults } from '../../../src/config/rules-timeouts.ts';

test.each([
  [{ request_header: 'Content-Length' }, 'timeouts.request_header', /frames the message/],
  [{ request_header: 'X-Forwarded-For' }, 'timeouts.request_header', /written by this edge/],
  [{ request_header: 'Grpc-Timeout' }, 'timeouts.request_header', /anyway/],
  [{ request_header_from: 'always' }, 'timeouts.request_header_from', /there is none; add request_header/],
])('%j is told of, in the file and in a service', (timeouts, path, message) => {
  const common = timeoutFaults({ timeouts });
  expect(common.map((fault) => fault.path.join('.'))).toEqual([path]);
  expect(common[0]?.message).toMatch(message);
  const own = timeoutFaults({ services: { shop: { timeouts } } });
  expect(own.map((fault) => fault.path.join('.'))).toEqual([`services.shop.${path}`]);
});

test.each([
  {},
  { timeouts: { request: '1s', request_header: 'X-Time-Left', request_header_from: 'never' } },
  { timeouts: { request_header: 'X-A' }, services: { shop: { timeouts: { request_header_from: 'trusted' } } } },
])('%j is well', (root) => expect(timeoutFaults(root)).toEqual([]));

test('a field that a rule writes too is one too many', () => {
  const headers = { request: { set: { 'X-Time-Left': 'x' } } };
  const faults = timeoutFaults({ timeouts: { request_header: 'x-time-left' }, services: { shop: { headers } } });
  expect(faults).toMatchObject([
    { path: ['services', 'shop', 'headers', 'request', 'set', 'X-Time-Left'], part: 'key' },
  ]);
});
