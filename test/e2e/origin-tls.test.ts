import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ask } from '../support/client.ts';
import { startH2Origin } from '../support/h2-origin.ts';
import { running } from '../support/running.ts';
import { scratch } from '../support/scratch.ts';
import { type Issued, issue } from '../support/x509.ts';

const root = issue({ subject: 'root', ca: true });
const inside = issue({ subject: 'inside', names: ['inside.example.com'], by: root });
const robot = issue({ subject: 'robot', by: root });

/** An endpoint that asks for a certificate, and says whose it was and which name was asked for. */
async function secured(shown: Issued, required: boolean): Promise<number> {
  const options = {
    cert: shown.cert,
    key: shown.key,
    ca: root.cert,
    requestCert: required,
    rejectUnauthorized: required,
  };
  const server = createServer(options, (request, response) => {
    const socket = request.socket as TLSSocket & { readonly servername: string | false };
    response.end(`${String(socket.getPeerX509Certificate()?.subject)} asked for ${String(socket.servername)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const edge = (port: number, tls: string) =>
  running(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, drain: 0s }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
health: { interval: 1s, timeout: 500ms }
services: { shop: { tls: { ${tls} }, endpoints: [{ cloud: aws, region: us-east-1, url: "https://127.0.0.1:${port}" }] } }
`);

/** Traffic and checks are to find the same. */
const healthy = (of: Awaited<ReturnType<typeof edge>>) =>
  vi.waitFor(() => expect(of.status().endpoints[0]?.state).toBe('healthy'), 10_000);

test('an endpoint is shown who the edge is, asked for one name and verified by another, by traffic and checks alike', async () => {
  const folder = scratch();
  const port = await secured(inside, true);
  const ca = `ca: ${folder.write('ca.pem', root.cert)}`;
  const of = await edge(
    port,
    `${ca}, ${folder.writePair('robot', robot)}, server_name: shop.example.com, verify_name: inside.example.com`,
  );
  await healthy(of);
  expect((await ask(of.edge.port)).body).toBe('CN=robot asked for shop.example.com');
  // Another one is shown when its files change.
  const next = issue({ subject: 'robot-2', by: root });
  folder.writePair('robot', next);
  await vi.waitFor(
    async () => expect((await ask(of.edge.port)).body).toBe('CN=robot-2 asked for shop.example.com'),
    10_000,
  );
  expect(of.events.filter(({ type }) => type === 'origins-unverified')).toEqual([]);
});

test('a name that is not verified is no way in, and a certificate that is not shown neither', async () => {
  const folder = scratch();
  const ca = `ca: ${folder.write('ca.pem', root.cert)}`;
  const wrong = await edge(await secured(inside, false), `${ca}, server_name: shop.example.com`);
  expect((await ask(wrong.edge.port)).status).toBe(502);
  const nobody = await edge(await secured(inside, true), `${ca}, verify_name: inside.example.com`);
  expect((await ask(nobody.edge.port)).status).toBe(502);
});

test('insecure believes anybody, and says so at the start, and in the status', async () => {
  const port = await secured(issue({ subject: 'anybody' }), false);
  const of = await edge(port, 'insecure: true');
  await healthy(of);
  expect((await ask(of.edge.port)).status).toBe(200);
  expect(of.events).toContainEqual({ type: 'origins-unverified', service: 'shop', endpoints: 1 });
  expect(of.status().endpoints[0]?.insecure).toBe(true);
});

/** An endpoint for each way there is, each with an authority of its own: requests over HTTP/1.1 and HTTP/2, and WebSockets. */
test.each(['on', 'off'])(
  'endpoints are each trusted by what they say themselves, on every way (accelerator %s)',
  async (accelerator) => {
    const folder = scratch();
    const makers = ['plain', 'multiplexed', 'sockets'].map((subject) => issue({ subject, ca: true }));
    const shown = makers.map((by) => issue({ subject: 'endpoint', names: ['endpoint.internal'], by }));
    const files = makers.map((maker, i) => folder.write(`${i}.pem`, maker.cert));
    const { cert, key } = shown[1] as Issued;
    const sockets = createServer(
      { cert: shown[2]?.cert, key: shown[2]?.key },
      (_, response) => void response.end('ok'),
    );
    new WebSocketServer({ server: sockets }).on('connection', (socket) => socket.send('hello'));
    await new Promise<void>((resolve) => sockets.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => sockets.closeAllConnections());
    onTestFinished(() => void sockets.close());
    const ports = [
      await secured(shown[0] as Issued, false),
      (await startH2Origin({ tls: { cert, key } })).port,
      (sockets.address() as AddressInfo).port,
    ];
    const service = (name: string, i: number, ca: number) => `
  ${name}:
    match: { prefix: /${name} }
    tls: { ca: ${files[(i + 1) % 3]}, server_name: endpoint.internal }
    retries: { attempts: 1 }
    endpoints:
      - cloud: aws
        region: us-east-1
        url: "https://127.0.0.1:${ports[i]}"
        protocol: ${i === 1 ? 'h2' : 'h1'}
        ${ca === i ? `tls: { ca: ${files[i]} }` : ca < 0 ? 'tls: { insecure: true }' : ''}`;
    const of = await running(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, drain: 0s, accelerator: ${accelerator} }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
health: { interval: 1s, timeout: 500ms }
services:${[0, 1, 2].map((i) => service(`own${i}`, i, i) + service(`common${i}`, i, 9) + service(`any${i}`, i, -1)).join('')}
`);
    const states = () => of.status().endpoints.map(({ service: name, state }) => `${name} ${state}`);
    const expected = [0, 1, 2].flatMap((i) => [`own${i} healthy`, `common${i} unhealthy`, `any${i} healthy`]);
    await vi.waitFor(() => expect(states()).toEqual(expected), 15_000);
    for (const i of [0, 1, 2]) {
      expect((await ask(of.edge.port, { path: `/own${i}` })).status).toBe(200);
      expect((await ask(of.edge.port, { path: `/any${i}` })).status).toBe(200);
      const refused = await ask(of.edge.port, { path: `/common${i}` });
      expect(refused.status).toBe(502);
      expect(refused.headers['proxy-status']).toMatch(/error=tls_protocol_error/);
    }
    for (const [name, wanted] of [
      ['own2', 'hello'],
      ['any2', 'hello'],
      ['common2', 'Unexpected server response: 502'],
    ]) {
      const socket = new WebSocket(`ws://127.0.0.1:${of.edge.port}/${name}`);
      onTestFinished(() => socket.terminate());
      const heard = await new Promise((resolve) => {
        socket.once('message', (data: Buffer) => resolve(data.toString()));
        socket.on('error', (error) => resolve(error.message));
      });
      expect(heard).toBe(wanted);
    }
    expect(
      of
        .status()
        .endpoints.filter(({ insecure }) => insecure)
        .map(({ service: name }) => name),
    ).toEqual(['any0', 'any1', 'any2']);
    expect(of.events.filter(({ type }) => type === 'origins-unverified')).toHaveLength(3);
  },
);
