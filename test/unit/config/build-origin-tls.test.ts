import { expect, test } from 'vitest';
import { buildOriginTls, ownOriginTls } from '../../../src/config/build-origin-tls.ts';

const COMMON = { ca: 'common.pem', server_name: 'common', verify_name: 'proof', cert: 'c.pem', key: 'c.key' };
const SHOP = ['services', 'shop'] as const;
const WHOSE = { owner: SHOP, i: 2, id: 'shop/aws/us-east-1/a:443' };

test('what a service says is kept under its name', () => {
  expect(buildOriginTls(SHOP, COMMON)).toEqual({
    ca: 'common.pem',
    caOf: 'shop',
    serverName: 'common',
    verifyName: 'proof',
    client: { at: ['services', 'shop', 'tls'], cert: 'c.pem', key: 'c.key' },
    clientOf: 'shop',
    insecure: false,
  });
});

test('an endpoint inherits what it does not say', () => {
  expect(ownOriginTls(WHOSE, COMMON, {})).toEqual(buildOriginTls(SHOP, COMMON));
  expect(ownOriginTls(WHOSE, undefined, {})).toEqual(buildOriginTls(SHOP, undefined));
});

test('an endpoint says what is its own, key by key; a certificate comes with its key', () => {
  const own = { ca: 'own.pem', server_name: 'own', cert: 'o.pem', key: 'o.key' };
  expect(ownOriginTls(WHOSE, COMMON, own)).toEqual({
    ca: 'own.pem',
    caOf: WHOSE.id,
    serverName: 'own',
    verifyName: 'proof',
    client: { at: ['services', 'shop', 'endpoints', 2, 'tls'], cert: 'o.pem', key: 'o.key' },
    clientOf: WHOSE.id,
    insecure: false,
  });
  expect(ownOriginTls(WHOSE, COMMON, { insecure: true })).toMatchObject({ insecure: true, caOf: 'shop' });
  expect(ownOriginTls(WHOSE, { insecure: true }, { insecure: false })).toMatchObject({ insecure: false });
});
