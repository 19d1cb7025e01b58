import { expect, test } from 'vitest';
import { serverNameOf } from '../../../src/config/server-name.ts';

const url = { protocol: 'https', host: 'app.example', port: 443, basePath: '' } as const;
const tls = (serverName?: string) => ({
  tls: {
    ca: undefined,
    caOf: 'shop',
    serverName,
    verifyName: undefined,
    client: undefined,
    clientOf: 'shop',
    insecure: false,
  },
});

test.each([
  [tls(), undefined, 'app.example'],
  [tls(), 'app.example', 'app.example'],
  [tls(), 'Shop.Internal:8443', 'shop.internal'],
  [tls(), '[2001:db8::1]:8443', '2001:db8::1'],
  [tls('name.example'), 'shop.internal', 'name.example'],
])('%j and the host %s: %s', (service, host, expected) => {
  expect(serverNameOf(service, { host, url })).toBe(expected);
});
