import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readProxyHeader } from '../../../../src/edge/client/proxy-header.ts';
import { localHeader, proxyHeader } from '../../../../src/edge/upstream/proxy-header-out.ts';

const address = fc.oneof(fc.ipV4(), fc.ipV6()).filter((one) => isIP(one) !== 0);

/** The same address in the one spelling that URL has for it. */
const canonical = (one: string) => new URL(isIP(one) === 6 ? `http://[${one}]` : `http://${one}`).hostname;
const mapped = (one: string) => /^\[(?:::ffff:|::[0-9a-f]{1,4}:[0-9a-f]{1,4}\])/.test(canonical(one));

test.each(['v1', 'v2'] as const)('whoever reads a header of %s finds the client in it', (version) => {
  fc.assert(
    fc.property(address, fc.option(fc.domain()), (client, authority) => {
      fc.pre(!mapped(client));
      const header = proxyHeader(version, client, { alpn: 'h2', authority: authority ?? undefined });
      const read = readProxyHeader(Buffer.concat([header, Buffer.from('GET / HTTP/1.1')]));
      if (typeof read === 'string' || 'problem' in read) throw new Error(JSON.stringify(read));
      expect(read.length).toBe(header.length);
      expect(read.client?.port).toBe(0);
      expect(canonical(read.client?.address ?? '')).toBe(canonical(client));
    }),
  );
});

test.each(['v1', 'v2'] as const)('a header of %s about nobody is about this edge', (version) => {
  for (const header of [localHeader(version), proxyHeader(version, ''), proxyHeader(version, 'fe80::1%eth0')]) {
    expect(readProxyHeader(header)).toEqual({ client: undefined, length: header.length });
  }
});

test('what is added is what is spoken, and the host where there is one', () => {
  const header = proxyHeader('v2', '192.0.2.1', { alpn: 'http/1.1', authority: 'shop.example.com' });
  expect(header.subarray(28)).toEqual(Buffer.from('\x01\0\x08http/1.1\x02\0\x10shop.example.com', 'latin1'));
  expect(proxyHeader('v2', '192.0.2.1').length).toBe(28);
  expect(proxyHeader('v2', '192.0.2.1', { authority: 'a'.repeat(256) }).length).toBe(28);
});
