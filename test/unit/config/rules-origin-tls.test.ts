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
