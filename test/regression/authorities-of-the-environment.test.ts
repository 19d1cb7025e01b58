import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { probers } from '../../src/health/probe.ts';
import { systemClock, systemSleep } from '../../src/table/system-clock.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { ask, exchangeBytes } from '../support/client.ts';
import { startRig } from '../support/rig.ts';

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';

async function originOf({ cert, key }: Certificates): Promise<number> {
  const server: Server = createServer({ cert, key }, (_, response) => response.end('secure'));
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** As `NODE_EXTRA_CA_CERTS` does for a process that starts. */
function trustInEnvironment(ca: string): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ca]);
  onTestFinished(() => setDefaultCACertificates(before));
}

const yaml = (port: number, engine: string): string => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
services:
  shop:
    endpoints: [{ cloud: aws, region: us-east-1, url: "https://127.0.0.1:${port}" }]
`;

/** `tls.ca` names an authority of its own, or none: whom the environment trusts is trusted in both cases. */
describe.each([
  ['with a tls.ca for something else', () => makeCertificates().ca],
  ['without a tls.ca', () => undefined],
])('an endpoint that the environment vouches for, %s', (_, caOf) => {
  test.each(['on', 'off'])('is sent to, accelerator %s; upgrades too', async (engine) => {
    const certificates = makeCertificates();
    const ca = caOf();
    trustInEnvironment(certificates.ca);
    const port = await originOf(certificates);
    const rig = await startRig(yaml(port, engine), { authorities: ca === undefined ? {} : { shop: ca } });
    expect((await ask(rig.port)).body).toBe('secure');
    expect(await exchangeBytes(rig.port, UPGRADE, /\r\n\r\n/)).toMatch(/^HTTP\/1\.1 101 /);
  });

  test('is checked', async () => {
    const certificates = makeCertificates();
    trustInEnvironment(certificates.ca);
    const port = await originOf(certificates);
    const prober = probers({ clock: systemClock(0), sleep: systemSleep })({
      url: { protocol: 'https', host: '127.0.0.1', port, basePath: '' },
      path: '/',
      host: undefined,
      protocol: 'h1',
      grpc: undefined,
      timeoutMs: 5000,
      connectMs: 5000,
      keepAliveMs: 1000,
      expect: [[200, 299]],
      ca: caOf(),
      shown: undefined,
      serverName: undefined,
      verifyName: undefined,
      insecure: false,
    });
    onTestFinished(() => prober.close());
    expect(await prober.check([])).toMatchObject({ reachable: true });
  });
});
