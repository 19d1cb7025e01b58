import { expect, test } from 'vitest';
import { explainReply } from '../../../src/admin/explain.ts';
import type { ExplainQuery } from '../../../src/admin/ports.ts';

const echo = (query: ExplainQuery) => query;
const bodyOf = (query: Record<string, string>, explain: (query: ExplainQuery) => object = echo) => {
  const { status, body } = explainReply(query, explain);
  return { status, ...(JSON.parse(body) as object) };
};

test.each([
  [{ client_ip: '203.0.113.9' }, { clientIp: '203.0.113.9' }],
  [
    { client_ip: '2001:db8::1', priority: 'latency' },
    { clientIp: '2001:db8::1', priority: 'latency' },
  ],
  [
    { client_ip: '::ffff:1.2.3.4', service: 'shop', priority: '' },
    { clientIp: '::ffff:1.2.3.4', service: 'shop' },
  ],
])('%j is asked as %j', (query, asked) => {
  expect(bodyOf(query)).toEqual({ status: 200, ...asked });
});

test.each([
  [{}, 'client_ip is missing'],
  [{ client_ip: '' }, 'client_ip is missing'],
  [{ client_ip: '1.2.3' }, 'client_ip "1.2.3" is no IPv4 or IPv6 address'],
  [{ client_ip: '1.2.3.4/8' }, 'client_ip "1.2.3.4/8" is no IPv4 or IPv6 address'],
  [{ client_ip: '1.2.3.4', prioritty: 'x' }, 'unknown parameter "prioritty"'],
])('%j is no question', (query, error) => {
  const never = () => expect.unreachable('asked all the same');
  expect(bodyOf(query, never)).toEqual({ status: 400, error, fix: expect.stringContaining('client_ip=') as string });
});

test('what cannot be answered is refused with the words and the status of who was asked', () => {
  const refusal = () => ({ error: 'no service "x"', status: 404 });
  expect(bodyOf({ client_ip: '::1' }, refusal)).toMatchObject({ status: 404, error: 'no service "x"' });
  const fixed = () => ({ error: 'no', status: 400, fix: 'so' });
  expect(bodyOf({ client_ip: '::1' }, fixed)).toEqual({ status: 400, error: 'no', fix: 'so' });
});
