import { expect, test } from 'vitest';
import { LISTEN_TLS, LISTENER } from '../../../src/config/schema-listener.ts';
import { complete, readWith } from '../../../src/config/zod-schema.ts';

test.each([
  [1.2, 'TLSv1.2'],
  [1.3, 'TLSv1.3'],
  ['1.3', 'TLSv1.3'],
  ['TLSv1.2', 'TLSv1.2'],
  ['tls1.3', 'TLSv1.3'],
])('min_version %j is %s', (written, version) => {
  const read = readWith(LISTEN_TLS.schema, { min_version: written });
  expect(read).toEqual({ value: { min_version: version } });
});

test.each([1, 1.1, '1.4', 'SSLv3', true, null])('min_version %j is refused', (written) => {
  expect(readWith(LISTEN_TLS.schema, { min_version: written })).toHaveProperty('faults');
});

test('what a listener has when nothing is said', () => {
  expect(complete(LISTENER, { listen: { host: '::', port: 1 } })).toMatchObject({ redirect_port: 443 });
  expect(complete(LISTEN_TLS, {})).toMatchObject({ min_version: 'TLSv1.2', strict_sni: false });
});
