import { expect, test } from 'vitest';
import { SERVICES, topologyOf } from './parse-text.ts';

const built = (edge: string) => topologyOf(`version: 1\nedge: ${edge}\n${SERVICES}`).edge.listeners;

test('the short form is one listener with the name of its address', () => {
  expect(built('{ listen: "127.0.0.1:80" }')).toEqual([
    {
      name: '127.0.0.1:80',
      listen: { host: '127.0.0.1', port: 80 },
      tls: undefined,
      http2: 'off',
      proxyProtocolFrom: undefined,
      redirectPort: undefined,
    },
  ]);
});

test('every key goes where the topology wants it', () => {
  const tls =
    '{ cert: a, key: b, certificates: [{ cert: c, key: d }], min_version: 1.3, strict_sni: true, client_ca: e, client_certificate: optional, client_certificate_chain: true }';
  const [plain, secure] = built(
    `{ listeners: [{ name: plain, listen: ":80", redirect: https, redirect_port: 8443, proxy_protocol: { from: [loopback] } }, { listen: ":8443", tls: ${tls} }] }`,
  );
  expect(plain).toMatchObject({ name: 'plain', redirectPort: 8443, proxyProtocolFrom: ['loopback'], http2: 'off' });
  expect(secure).toEqual({
    name: '0.0.0.0:8443',
    listen: { host: '0.0.0.0', port: 8443 },
    tls: {
      certificates: [
        { at: ['edge', 'listeners', 1, 'tls'], cert: 'a', key: 'b' },
        { at: ['edge', 'listeners', 1, 'tls', 'certificates', 0], cert: 'c', key: 'd' },
      ],
      minVersion: 'TLSv1.3',
      strictSni: true,
      clients: { at: ['edge', 'listeners', 1, 'tls', 'client_ca'], ca: 'e', required: false, chain: true },
    },
    http2: 'tls',
    proxyProtocolFrom: undefined,
    redirectPort: undefined,
  });
});

test.each([
  ['tls: { cert: a, key: b }', 'tls'],
  ['tls: { cert: a, key: b }, http2: true', 'tls'],
  ['tls: { cert: a, key: b }, http2: false', 'off'],
  ['http2: h2c', 'cleartext'],
  ['http2: false', 'off'],
])('with %s HTTP/2 is %s', (keys, http2) => {
  expect(built(`{ listeners: [{ listen: ":1", ${keys} }] }`)).toMatchObject([{ http2 }]);
});

test('client_ca alone requires a certificate', () => {
  expect(built('{ tls: { cert: a, key: b, client_ca: c } }')[0]?.tls?.clients).toMatchObject({
    required: true,
    chain: false,
  });
});
