import { expect, test } from 'vitest';
import type { PurgeOrder } from '../../../src/admin/ports.ts';
import { purgeReply } from '../../../src/admin/purge.ts';

async function purged(body: unknown) {
  const orders: PurgeOrder[] = [];
  const reply = await purgeReply(typeof body === 'string' ? body : JSON.stringify(body), async (order) => {
    orders.push(order);
    return order.service === 'nobody'
      ? { status: 404, error: 'there is no service "nobody"' }
      : { threads: 3, failed: [] };
  });
  return { status: reply.status, body: JSON.parse(reply.body) as unknown, orders };
}

test.each([
  [
    { service: 'shop', url: 'https://Shop.example:443/A?b' },
    { service: 'shop', url: 'https://shop.example/A?b' },
  ],
  [
    { service: 'shop', url: 'http://shop.example' },
    { service: 'shop', url: 'http://shop.example/' },
  ],
  [
    { service: 'shop', prefix: 'http://shop.example:8080/a' },
    { service: 'shop', prefix: 'http://shop.example:8080/a' },
  ],
  [
    { service: 'shop', all: true },
    { service: 'shop', prefix: '' },
  ],
])('%o is taken', async (body, order) => {
  const { status, body: said, orders } = await purged(body);
  expect([status, said, orders]).toEqual([200, { ok: true, ...order, threads: 3 }, [order]]);
});

test.each([
  ['no json', /no JSON/],
  [[], /no JSON object/],
  [{ url: 'http://a/' }, /service is missing/],
  [{ service: 'shop' }, /exactly one of/],
  [{ service: 'shop', url: 'http://a/', all: true }, /exactly one of/],
  [{ service: 'shop', all: 'yes' }, /all must be true/],
  [{ service: 'shop', url: '/a' }, /no http address/],
  [{ service: 'shop', url: 5 }, /must be texts/],
  [{ service: 'shop', prefx: 'http://a/' }, /unknown key "prefx"/],
])('%o is refused', async (body, why) => {
  const { status, body: said, orders } = await purged(body);
  expect([status, orders]).toEqual([400, []]);
  const { error, fix } = said as { error: string; fix: string };
  expect(error).toMatch(why);
  expect(fix).toContain('"service": "shop"');
});

test('a service that there is not is the ports to refuse', async () => {
  expect(await purged({ service: 'nobody', all: true })).toMatchObject({ status: 404 });
});

test('threads that could not forget are reported, and it is no success', async () => {
  const failed = [{ thread: 1, error: 'database is locked' }];
  const reply = await purgeReply('{"service":"shop","all":true}', async () => ({ threads: 2, failed }));
  expect(reply.status).toBe(503);
  expect(JSON.parse(reply.body)).toMatchObject({
    ok: false,
    error: '1 of 3 edge threads could not forget the copies: database is locked',
    service: 'shop',
    threads: 2,
    failed,
  });
});

test('with no thread at all, nothing was purged', async () => {
  const reply = await purgeReply('{"service":"shop","all":true}', async () => ({ threads: 0, failed: [] }));
  expect([reply.status, reply.body]).toEqual([503, expect.stringContaining('nothing is purged')]);
});
