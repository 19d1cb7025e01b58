import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import * as http2 from 'node:http2';
import { type ConnectionOptions, connect } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Rig } from '../support/bare-rig.ts';
import { valuesOf } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { readToEnd } from '../support/raw-http.ts';
import { startRig } from '../support/rig.ts';
import { scratch } from '../support/scratch.ts';
import { issue } from '../support/x509.ts';

const servers = issue({ subject: 'servers', ca: true });
const clients = issue({ subject: 'clients', ca: true });
const between = issue({ subject: 'between', ca: true, by: clients });
const robot = issue({ subject: 'robot', by: between });
const chain = robot.cert + between.cert;
const stranger = issue({ subject: 'robot' });
const ended = issue({ subject: 'robot', by: clients, from: -9, to: -1 });

const FORGED =
  'Client-Cert: :Zm9yZ2Vk:\r\nClient-Cert-Chain: :Zm9yZ2Vk:\r\nX-Forwarded-Client-Cert: By=x\r\nClient_Cert: x\r\n';

async function started(rules: string, edge = '') {
  const folder = scratch();
  const origin = await startOrigin('x');
  const pair = folder.writePair('a', issue({ names: ['a.example.com'], by: servers }));
  const tls = `tls: { ${pair}, client_ca: ${folder.write('clients.pem', clients.cert)}${rules} }`;
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, ${edge}listeners: [{ listen: "127.0.0.1:0", ${tls} }, { name: b, listen: "127.0.0.1:1", tls: { ${pair} } }] }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }] } }
`);
  return { rig, origin };
}

async function visit(
  port: number,
  options: ConnectionOptions = {},
): Promise<{ text: string; reused: boolean; session: Buffer | undefined }> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  onTestFinished(() => void socket.destroy());
  let session: Buffer | undefined;
  socket.on('session', (fresh: Buffer) => {
    session = fresh;
  });
  await once(socket, 'secureConnect');
  const reused = socket.isSessionReused();
  socket.write(`GET / HTTP/1.1\r\nHost: a.example.com\r\n${FORGED}Connection: close\r\n\r\n`);
  return { reused, text: await readToEnd(socket), session };
}

const refused = async (rig: Rig, count: number) => {
  await vi.waitFor(() => {
    rig.edge.flush();
    const drops = rig.events.flatMap((event) =>
      event.type === 'connections-dropped' && event.reason === 'client-certificate' ? [event.count] : [],
    );
    expect(drops.reduce((sum, one) => sum + one, 0)).toBe(count);
  });
};

const told = (rawHeaders: readonly string[] = []) =>
  rawHeaders
    .filter((name, i) => i % 2 === 0 && /client.cert/i.test(name))
    .map((name) => `${name} ${valuesOf(rawHeaders, name.toLowerCase()).join()}`);
const bytes = (cert: string) => `:${new X509Certificate(cert).raw.toString('base64')}:`;

test.each(['', 'accelerator: off, '])('over HTTP/2 it is the same, %s', async (engine) => {
  const { rig, origin } = await started(', client_certificate_chain: true', engine);
  const session = http2.connect(`https://127.0.0.1:${rig.port}`, {
    cert: chain,
    key: robot.key,
    rejectUnauthorized: false,
  });
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ':path': '/',
    ':authority': 'a.example.com',
    'client-cert': ':Zm9yZ2Vk:',
    'client-cert-chain': ':Zm9yZ2Vk:',
    'x-forwarded-client-cert': 'By=x',
    client_cert: 'x',
  });
  const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
  expect(head[':status']).toBe(200);
  expect(told(origin.seen[0]?.rawHeaders)).toEqual([
    `Client-Cert ${bytes(robot.cert)}`,
    `Client-Cert-Chain ${bytes(between.cert)}`,
  ]);
});

describe.each([
  ['wire', '', 'TLSv1.3'],
  ['wire', '', 'TLSv1.2'],
  ['general', 'accelerator: off, ', 'TLSv1.3'],
  ['general', 'accelerator: off, ', 'TLSv1.2'],
] as const)('%s%s%s', (_, engine, version) => {
  const at = { minVersion: version, maxVersion: version };

  test('the endpoint is told of the client, and of nobody whom the client names itself', async () => {
    const { rig, origin } = await started(', client_certificate_chain: true', engine);
    const { text } = await visit(rig.port, { ...at, cert: chain, key: robot.key });
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(told(origin.seen[0]?.rawHeaders)).toEqual([
      `Client-Cert ${bytes(robot.cert)}`,
      `Client-Cert-Chain ${bytes(between.cert)}`,
    ]);
    // A listener that does not ask tells nothing.
    await visit(rig.ports[1] as number, { ...at, cert: chain, key: robot.key });
    expect(told(origin.seen[1]?.rawHeaders)).toEqual([]);
  });

  test('required: without a good one there is no request', async () => {
    const { rig, origin } = await started('', engine);
    for (const shown of [
      {},
      { cert: stranger.cert, key: stranger.key },
      { cert: ended.cert, key: ended.key },
      { cert: robot.cert, key: robot.key },
    ]) {
      await expect(
        visit(rig.port, { ...at, ...shown }).then(({ text }) => text || Promise.reject(new Error('ended'))),
      ).rejects.toThrow(/./);
    }
    await refused(rig, 4);
    expect(origin.seen).toEqual([]);
  });

  test('optional: without one the client is nobody, with a bad one it is refused', async () => {
    const { rig, origin } = await started(', client_certificate: optional', engine);
    expect((await visit(rig.port, at)).text).toMatch(/^HTTP\/1\.1 200 /);
    expect(told(origin.seen[0]?.rawHeaders)).toEqual([]);
    expect((await visit(rig.port, { ...at, cert: chain, key: robot.key })).text).toMatch(/^HTTP\/1\.1 200 /);
    expect(told(origin.seen[1]?.rawHeaders)).toEqual([`Client-Cert ${bytes(robot.cert)}`]);
    await expect(
      visit(rig.port, { ...at, cert: stranger.cert, key: stranger.key }).then(
        ({ text }) => text || Promise.reject(new Error('ended')),
      ),
    ).rejects.toThrow(/./);
    await refused(rig, 1);
  });

  test('a session keeps who the client is, and is no way round being asked', async () => {
    const { rig, origin } = await started('', engine);
    const { session } = await visit(rig.port, { ...at, cert: chain, key: robot.key });
    if (session === undefined) throw new Error('there was no session');
    const resumed = await visit(rig.port, { ...at, session });
    expect(resumed.reused).toBe(true);
    expect(told(origin.seen[1]?.rawHeaders)).toEqual([`Client-Cert ${bytes(robot.cert)}`]);
    // One of a listener that asks nobody is nothing here.
    const other = await visit(rig.ports[1] as number, at);
    if (other.session === undefined) throw new Error('there was no session');
    const attempt = visit(rig.port, { ...at, session: other.session }).then(
      ({ text }) => text || Promise.reject(new Error('ended')),
    );
    await expect(attempt).rejects.toThrow(/./);
    expect(origin.seen).toHaveLength(3);
  });
});

test.each(['', 'accelerator: off, '])('a limit for clients knows them by their certificates, %s', async (engine) => {
  const folder = scratch();
  const origin = await startOrigin('x');
  const pair = folder.writePair('a', issue({ names: ['a.example.com'], by: servers }));
  const tls = `tls: { ${pair}, client_ca: ${folder.write('clients.pem', clients.cert)}, client_certificate: optional }`;
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, ${engine}listeners: [{ listen: "127.0.0.1:0", ${tls} }] }
services:
  shop:
    limits: { per_client: { requests: 1/h, certificate: fingerprint } }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }]
`);
  const status = async (options: ConnectionOptions = {}) => (await visit(rig.port, options)).text.slice(9, 12);
  const other = issue({ subject: 'robot', by: clients });
  expect(await status({ cert: chain, key: robot.key })).toBe('200');
  expect(await status({ cert: chain, key: robot.key })).toBe('429');
  // Of the same name, and somebody else.
  expect(await status({ cert: other.cert, key: other.key })).toBe('200');
  // Without one, the address is who asks.
  expect(await status()).toBe('200');
  expect(await status()).toBe('429');
});
