import { createServer as createServer2 } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { makeCertificates } from '../support/certificates.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig, withoutWire } from '../support/rig.ts';
import { running } from '../support/running.ts';

test('a name in host is the Host, the SNI and the name that is verified, for requests and health checks alike', async () => {
  const certificates = makeCertificates();
  const seen = new Set<string>();
  const server = createServer(certificates, (request, response) => {
    const { servername } = request.socket as unknown as { servername: string | false };
    seen.add(`${request.url} ${request.headers.host} ${servername}`);
    response.end('secure');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  // Nothing answers to the name "localhost" here but the certificate: the url has an address.
  const meridian = await running(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1 }
admin: { listen: "127.0.0.1:0", token: x }
log: { level: silent }
health: { interval: 200ms, timeout: 200ms }
services:
  shop:
    host: LOCALHOST:8443
    tls: { ca: "${certificates.caFile}" }
    endpoints: [{ cloud: aws, region: us-east-1, url: "https://127.0.0.1:${port}" }]
`);
  await vi.waitFor(async () => {
    expect((await ask(meridian.edge.port, { path: '/a', headers: { host: 'shop.example' } })).body).toBe('secure');
    expect([...seen].sort()).toEqual(['/a LOCALHOST:8443 localhost', '/healthz LOCALHOST:8443 localhost']);
  });
});

test('an endpoint that speaks HTTP/2 is asked and understood by the same rules', async () => {
  const asked: string[] = [];
  const server = createServer2((request, response) => {
    asked.push(
      `${request.url} ${request.headers[':authority']} ${String(request.headers['x-place'])} ${String(request.headers['x-gone'])}`,
    );
    response.setHeader('Location', 'http://app.internal/v2/next');
    response.setHeader('X-Gone', '1');
    response.end('two');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  for (const accelerator of ['on', 'off']) {
    const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${accelerator} }
services:
  shop:
    host: app.internal
    path: { strip_prefix: /shop, add_prefix: /v2 }
    headers: { request: { set: { X-Place: "\${endpoint.region}" }, remove: [X-Gone] }, response: { remove: [X-Gone] } }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}", protocol: h2c }]
`);
    const reply = await ask(rig.port, { path: '/shop/a?b', headers: { host: 'shop.example', 'x-gone': '1' } });
    expect([reply.body, reply.headers['location'], reply.headers['x-gone']]).toEqual([
      'two',
      'http://shop.example/shop/next',
      undefined,
    ]);
  }
  expect(asked).toEqual(Array.from({ length: 2 }, () => '/v2/a?b app.internal us-east-1 undefined'));
});

describe.each(['on', 'off'])('a ladder under rules, accelerator %s', (accelerator) => {
  const yamlOf = (port: number, extra = '') => {
    const yaml = `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", trust_proxies: [loopback] }
services:
  shop:
    host: app.internal
    path: { strip_prefix: /shop, add_prefix: /v2 }
    headers:
      request: { set: { X-Asker: "\${client.address}" } }
      response: { set: { X-For: "\${client.address}" } }
    degraded: { cache: { fresh_for: 10m }${extra} }
    breakers: { failures: 200 }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }]
`;
    return accelerator === 'on' ? yaml : withoutWire(yaml);
  };
  const from = (client: string) => ({ headers: { host: 'shop.example', 'x-forwarded-for': client } });

  test('copies are kept under the client’s URL and for those for whom the same is put in, and every client gets its own fields', async () => {
    const origin = await startOrigin('origin', (request, response) => {
      response.setHeader('Location', 'http://app.internal/v2/next');
      response.end(`${request.url} ${String(request.headers['x-asker'])}`);
    });
    const rig = await startRig(yamlOf(origin.port));
    const first = await ask(rig.port, { path: '/shop/a', ...from('192.0.2.1') });
    expect([first.body, first.headers['location'], first.headers['x-for']]).toEqual([
      '/v2/a 192.0.2.1',
      'http://shop.example/shop/next',
      '192.0.2.1',
    ]);
    await origin.kill();
    const copy = await ask(rig.port, { path: '/shop/a', ...from('192.0.2.1') });
    expect([copy.status, copy.body, copy.headers['location'], copy.headers['x-for']]).toEqual([
      200,
      '/v2/a 192.0.2.1',
      'http://shop.example/shop/next',
      '192.0.2.1',
    ]);
    const other = await ask(rig.port, { path: '/shop/a', ...from('192.0.2.2') });
    expect([other.status, other.headers['x-for']]).toEqual([503, '192.0.2.2']);
    expect(await rig.edge.purge({ service: 'shop', url: 'http://shop.example/shop/a' })).toBeUndefined();
    expect((await ask(rig.port, { path: '/shop/a', ...from('192.0.2.1') })).status).toBe(503);
    expect(rig.records.map(({ target, host }) => [target, host])).toEqual(
      Array.from({ length: 4 }, () => ['/shop/a', 'shop.example']),
    );
  });

  test('fallbacks are asked for what endpoints are, without the credentials that a rule puts in', async () => {
    const fallback = await startOrigin('fallback', (request, response) => {
      response.setHeader('Location', '/site/v2/x');
      response.end(`${request.url} ${request.headers.host} ${request.headers.authorization}`);
    });
    const origin = await startOrigin('origin');
    await origin.kill();
    const yaml = (ladder: string) =>
      yamlOf(origin.port, ladder).replace('X-Asker:', 'Authorization: Basic secret, X-Asker:');
    const rig = await startRig(yaml(`, fallbacks: [{ url: "http://127.0.0.1:${fallback.port}/site", timeout: 5s }]`));
    const reply = await ask(rig.port, { path: '/shop/a', ...from('192.0.2.1') });
    expect(reply.body).toBe(`/site/v2/a 127.0.0.1:${fallback.port} undefined`);
    expect([reply.headers['location'], reply.headers['x-for']]).toEqual(['/shop/x', '192.0.2.1']);
  });
});
