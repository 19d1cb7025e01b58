import { expect, test } from 'vitest';
import { UPSTREAM_TLS } from '../../../src/config/schema-origin-tls.ts';
import { complete } from '../../../src/config/zod-schema.ts';

test('nothing is needed, and everybody is verified', () => {
  expect(complete(UPSTREAM_TLS)).toEqual({ insecure: false });
});

test.each([
  [{ server_name: 'Shop.Example.com' }, { server_name: 'shop.example.com' }],
  [{ server_name: 'no name' }, undefined],
  [{ insecure: 'yes' }, undefined],
  [{ authority: 'ca.pem' }, undefined],
])('%j', (given, read) => {
  const { success, data } = UPSTREAM_TLS.schema.safeParse(given);
  expect(success ? data : undefined).toEqual(read);
});
