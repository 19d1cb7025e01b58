import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

async function tlsOrigin({ cert, key }: Certificates): Promise<{ port: number; names: (string | false)[] }> {
  const names: (string | false)[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    names.push((request.socket as unknown as { servername: string | false }).servername);
    response.end(`secure ${request.headers.host ?? ''}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, names };
}

function yaml(url: string, tls = ''): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
${tls}
    endpoints: [{ cloud: aws, region: us-east-1, url: "${url}" }]
`;
}

test('an endpoint whose certificate nobody vouches for is not sent to', async () => {
  const origin = await tlsOrigin(makeCertificates());
  const rig = await startRig(yaml(`https://127.0.0.1:${origin.port}`));
  const reply = await ask(rig.port, { method: 'POST', body: 'secret' });
  expect(reply.status).toBe(502);
  expect(reply.headers['proxy-status']).toMatch(/error=tls_protocol_error/);
  expect(origin.names).toEqual([]);
  expect(rig.records[0]?.attempts[0]?.outcome).toBe('tls-failed');
});

test('with the authority in tls.ca it is, and the client’s Host does not become the name that is verified', async () => {
  const certificates = makeCertificates();
  const origin = await tlsOrigin(certificates);
  const rig = await startRig(yaml(`https://localhost:${origin.port}`, `    tls: { ca: ${certificates.caFile} }`), {
    authorities: { shop: certificates.ca },
  });
  for (const host of ['shop.example.com', 'other.example.com']) {
    expect((await ask(rig.port, { headers: { host } })).body).toBe(`secure ${host}`);
  }
  expect(origin.names).toEqual(['localhost', 'localhost']);
});

test('a certificate for another name is refused, unless tls.server_name says that name', async () => {
  const certificates = makeCertificates();
  const origin = await tlsOrigin(certificates);
  const wrong = await startRig(yaml(`https://127.0.0.1:${origin.port}`, '    tls: { server_name: shop.internal }'), {
    authorities: { shop: certificates.ca },
  });
  expect((await ask(wrong.port)).status).toBe(502);
  const right = await startRig(yaml(`https://127.0.0.1:${origin.port}`, '    tls: { server_name: localhost }'), {
    authorities: { shop: certificates.ca },
  });
  expect((await ask(right.port)).status).toBe(200);
});

test('the listener speaks TLS 1.2 and up, and the origin learns of it', async () => {
  const certificates = makeCertificates();
  const origin = await startOrigin('plain');
  const rig = await startRig(yaml(`http://127.0.0.1:${origin.port}`), { tls: certificates });
  const socket = connectTls({ port: rig.port, host: '127.0.0.1', ca: certificates.ca });
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => {
    text += part;
  });
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  expect(text).toMatch(/plain$/);
  expect(origin.seen[0]?.rawHeaders.join()).toMatch(/X-Forwarded-Proto,https/);
  const old = connectTls({
    port: rig.port,
    host: '127.0.0.1',
    ca: certificates.ca,
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1.1',
    ciphers: 'ALL@SECLEVEL=0',
  });
  await expect(
    new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject)),
  ).rejects.toThrow(/protocol|alert|version/i);
});
