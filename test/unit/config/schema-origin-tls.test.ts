import { expect, test } from 'vitest';
import { UPSTREAM_TLS } from '../../../src/config/schema-origin-tls.ts';
import { complete, readWith } from '../../../src/config/zod-schema.ts';

test('names are in lower case, and everything may be left out', () => {
  expect(readWith(UPSTREAM_TLS.schema, { server_name: 'Shop.Example.COM' })).toEqual({
    value: { server_name: 'shop.example.com' },
  });
  expect(complete(UPSTREAM_TLS, {})).toMatchObject({ insecure: false, ca: undefined });
});

test.each([{ server_name: 'a b' }, { verify_name: '' }, { insecure: 'yes' }, { ca: 7 }])('%j is refused', (given) => {
  expect('faults' in readWith(UPSTREAM_TLS.schema, given)).toBe(true);
});
