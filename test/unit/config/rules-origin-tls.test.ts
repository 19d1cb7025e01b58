import { expect, test } from 'vitest';
import { originTlsFaults } from '../../../src/config/rules-origin-tls.ts';

const faults = (tls: object) =>
  originTlsFaults({ services: { shop: { tls } } }).map(({ path, message }) => `${path.join('.')}: ${message}`);

test.each([
  {},
  { ca: 'c', server_name: 'a', verify_name: 'b', cert: 'd', key: 'e' },
  { insecure: true, server_name: 'a' },
  { insecure: false, ca: 'c' },
])('%j is right', (tls) => {
  expect(faults(tls)).toEqual([]);
});

test.each([
  [{ cert: 'c' }, 'services.shop.tls.cert: needs key, its private key'],
  [{ key: 'k' }, 'services.shop.tls.key: needs cert, the certificate that it belongs to'],
  [
    { insecure: true, ca: 'c' },
    'services.shop.tls.ca: is for verifying, and insecure: true verifies nothing; remove one of them',
  ],
  [
    { insecure: true, verify_name: 'a' },
    'services.shop.tls.verify_name: is for verifying, and insecure: true verifies nothing; remove one of them',
  ],
])('%j is refused', (tls, fault) => {
  expect(faults(tls)).toEqual([fault]);
});

const ofEndpoint = (tls: object | undefined, { common, url = 'https://a' }: { common?: object; url?: string } = {}) =>
  originTlsFaults({ services: { shop: { tls: common, endpoints: [{ url: 'http://b' }, { url, tls }] } } }).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test('an endpoint may say all of it itself', () => {
  expect(ofEndpoint(undefined)).toEqual([]);
  expect(ofEndpoint({ ca: 'c', cert: 'd', key: 'e', verify_name: 'b' }, { common: { ca: 'c' } })).toEqual([]);
  expect(ofEndpoint({ insecure: true }, { common: { ca: 'c', verify_name: 'b' } })).toEqual([]);
  expect(ofEndpoint({ insecure: false, ca: 'c' }, { common: { insecure: true } })).toEqual([]);
});

test('and what it says must fit together, and to what its service says', () => {
  expect(ofEndpoint({ cert: 'c' }, { common: { cert: 'c', key: 'k' } })).toEqual([
    'services.shop.endpoints.1.tls.cert: needs key, its private key',
  ]);
  expect(ofEndpoint({ insecure: true, ca: 'c' })).toHaveLength(1);
  expect(ofEndpoint({ ca: 'c' }, { common: { insecure: true } })).toEqual([
    'services.shop.endpoints.1.tls.ca: is for verifying, and its service says insecure: true; say insecure: false here, or remove it',
  ]);
  expect(ofEndpoint({ ca: 'c' }, { url: 'http://a' })).toEqual([
    'services.shop.endpoints.1.tls: is for https, and the url of this endpoint is http; remove one of them',
  ]);
});
