import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import * as http2 from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createRawServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { type ProxiedClient, readProxyHeader } from '../../src/edge/client/proxy-header.ts';
import { makeCertificates } from '../support/certificates.ts';
import { ask } from '../support/client.ts';
import { freePorts } from '../support/free-ports.ts';
import { startRig } from '../support/rig.ts';
import { running } from '../support/running.ts';
import { scratch } from '../support/scratch.ts';
import { openH1 } from '../support/web-sockets.ts';

const CERTIFICATES = makeCertificates(afterAll);
const { cert, key } = CERTIFICATES;

/** What stands behind the PROXY header, by what is spoken there. */
const SERVERS = {
  'h1 without TLS': () => createServer(answer),
  'h1 over TLS': () => createSecureServer({ cert, key }, answer),
  'h2c without TLS': () => http2.createServer(answer as never),
  'h2 over TLS': () => http2.createSecureServer({ cert, key }, answer as never),
} as const;
type Kind = keyof typeof SERVERS;
const KINDS = Object.keys(SERVERS) as Kind[];

type Responding = { end(text: string): unknown };
type Asked = {
  readonly socket: object;
  readonly stream?: { readonly session: { readonly socket: object } };
  readonly headers: Record<string, unknown>;
};

/** By the port that the server sees. */
const told = new Map<unknown, string>();

function answer(asked: Asked, response: Responding): void {
  const { remotePort } = (asked.stream?.session.socket ?? asked.socket) as { readonly remotePort?: number };
  response.end(`${told.get(remotePort)} for ${String(asked.headers['x-forwarded-for'])}`);
}

const nameOf = (one: ProxiedClient) => (one === undefined ? 'nobody' : one.address);

/** An origin whose every connection has to begin with a PROXY header; it answers with what that said. */
async function startProxied(kind: Kind): Promise<{ port: number; connections: () => readonly string[] }> {
  const behind = SERVERS[kind]() as Server;
  if (kind === 'h1 without TLS') {
    new WebSocketServer({ server: behind as never }).on('connection', (socket, request) =>
      socket.on('message', () => socket.send(String(told.get(request.socket.remotePort)))),
    );
  }
  behind.listen(0, '127.0.0.1');
  await once(behind, 'listening');
  const inside = portOf(behind);
  const connections: string[] = [];
  const open = new Set<Socket>();
  const front = createRawServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', read);

    function read(chunk: Buffer): void {
      bytes = Buffer.concat([bytes, chunk]);
      const header = readProxyHeader(bytes);
      if (header === 'incomplete') return;
      if ('problem' in header) socket.destroy();
      else pass(nameOf(header.client), bytes.subarray(header.length));
    }

    /** What comes behind the header goes to the server. */
    function pass(name: string, rest: Buffer): void {
      socket.off('data', read).pause();
      connections.push(name);
      const inner = connect(inside, '127.0.0.1', () => {
        told.set(inner.localPort, name);
        inner.write(rest);
        socket.pipe(inner).pipe(socket);
      });
      open.add(inner);
      inner.on('error', () => {});
    }
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    front.close();
    behind.close();
  });
  return { port: portOf(front), connections: () => connections };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function endpointOf(kind: Kind, port: number): string {
  const scheme = kind.endsWith('over TLS') ? 'https' : 'http';
  return `{ cloud: aws, region: us-east-1, url: "${scheme}://127.0.0.1:${port}", protocol: ${kind.split(' ')[0]} }`;
}

const yamlOf = (kind: Kind, port: number, version: string, accelerator: string) => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", trust_proxies: [loopback], accelerator: ${accelerator} }
services:
  shop:
    send_proxy: ${version}
    endpoints: [${endpointOf(kind, port)}]
`;

const CLIENTS = ['192.0.2.1', '2001:db8::1', '192.0.2.2'];
const WAYS = KINDS.flatMap((kind) => (['v1', 'v2'] as const).map((version) => [version, kind] as const));

describe.each(['on', 'off'])('accelerator %s', (accelerator) => {
  test.each(WAYS)(
    '%s to %s: each connection is one client’s, and is used again for it alone',
    async (version, kind) => {
      const origin = await startProxied(kind);
      const rig = await startRig(yamlOf(kind, origin.port, version, accelerator), {
        authorities: { shop: CERTIFICATES.ca },
      });
      for (let round = 0; round < 3; round += 1) {
        for (const client of CLIENTS) {
          const { status, body } = await ask(rig.port, { headers: { 'x-forwarded-for': client } });
          expect([status, body.split(' for ')[0]]).toEqual([200, client]);
        }
      }
      expect(origin.connections()).toEqual(CLIENTS);
      const burst = Array.from({ length: 12 }, (_, i) => CLIENTS[i % 3] as string);
      const answers = await Promise.all(
        burst.map((client) => ask(rig.port, { headers: { 'x-forwarded-for': client } })),
      );
      expect(answers.map(({ body }) => body.split(' for ')[0])).toEqual(burst);
    },
  );
});

test.each(['v1', 'v2'])('a WebSocket is told of by %s, too', async (version) => {
  const origin = await startProxied('h1 without TLS');
  const rig = await startRig(yamlOf('h1 without TLS', origin.port, version, 'on'));
  for (const client of CLIENTS) {
    const socket = await openH1(rig.port, { headers: { 'x-forwarded-for': client } });
    socket.send('who?');
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.toString()).toBe(client);
  }
});

test.each(WAYS)('health checks by %s to %s are about nobody', async (version, kind) => {
  const origin = await startProxied(kind);
  const folder = scratch();
  const of = await running(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, drain: 0s }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
health: { interval: 1s, timeout: 500ms, path: / }
services:
  shop:
    tls: { ca: ${folder.write('ca.pem', CERTIFICATES.ca)} }
    endpoints: [${endpointOf(kind, origin.port).replace(' }', `, send_proxy: ${version} }`)}]
`);
  await vi.waitFor(() => expect(of.status().endpoints[0]?.state).toBe('healthy'), 10_000);
  expect(new Set(origin.connections())).toEqual(new Set(['nobody']));
});

const HAPROXY = '/usr/sbin/haproxy';

test.skipIf(!existsSync(HAPROXY)).each(['v1', 'v2'])('HAProxy reads %s', async (version) => {
  const port = await freePorts(1);
  const file = scratch().write(
    'haproxy.cfg',
    `defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend f
  bind 127.0.0.1:${port} accept-proxy
  http-request return status 200 content-type text/plain lf-string "%[src]"
`,
  );
  execFileSync(HAPROXY, ['-c', '-q', '-f', file]);
  const child = spawn(HAPROXY, ['-db', '-q', '-f', file], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const rig = await startRig(yamlOf('h1 without TLS', port, version, 'on'));
  await vi.waitFor(async () => expect((await ask(rig.port)).status).toBe(200), 5000);
  for (const client of CLIENTS) {
    expect((await ask(rig.port, { headers: { 'x-forwarded-for': client } })).body).toBe(client);
  }
});
