import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { dial, exchanged, readToEnd } from '../support/raw-http.ts';
import { startRig } from '../support/rig.ts';
import { scratch } from '../support/scratch.ts';
import { issue } from '../support/x509.ts';

const ENGINES = [
  ['wire', ''],
  ['general', 'accelerator: off, '],
] as const;

const yaml = (port: number, listeners: string, edge = '', service = '') => `version: 1
edge: { id: test, region: aws/us-east-1, ${edge}listeners: [${listeners}] }
services:
  shop:
    ${service}
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }]
`;

const REQUEST = 'GET /a HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n';

type Options = ConnectionOptions;

async function handshake(port: number, options: Options = {}, before?: string | Buffer): Promise<TLSSocket> {
  const raw = await dial(port);
  if (before !== undefined) raw.write(before);
  const socket = connectTls({ socket: raw, rejectUnauthorized: false, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

const shownTo = async (port: number, options: Options) => {
  const socket = await handshake(port, options);
  const { subject, asn1Curve } = socket.getPeerCertificate();
  socket.destroy();
  return `${String(subject.CN)} ${asn1Curve === undefined ? 'rsa' : 'ec'}`;
};

const answered = (socket: Socket) => {
  socket.write(REQUEST);
  return readToEnd(socket);
};

const root = issue({ subject: 'root', ca: true });

describe('certificates by name', () => {
  const listener = (rules = '') => {
    const folder = scratch();
    const certificates = [
      issue({ subject: 'one', names: ['one.example.com'], keyType: 'rsa', by: root }),
      issue({ subject: 'two', names: ['two.example.com'], keyType: 'rsa', by: root }),
      issue({ subject: 'two', names: ['two.example.com'], by: root }),
      issue({ subject: 'star', names: ['*.example.com'], by: root }),
    ].map((issued, i) => `{ ${folder.writePair(`c${i}`, issued)} }`);
    return `{ listen: "127.0.0.1:0", tls: { certificates: [${certificates.join(', ')}]${rules} } }`;
  };

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: each client is shown what it asks for and can verify',
    async (version) => {
      const origin = await startOrigin('x');
      const { port } = await startRig(yaml(origin.port, listener()));
      const at = { minVersion: version, maxVersion: version };
      const rsaOnly = { ...at, sigalgs: 'rsa_pss_rsae_sha256:RSA+SHA256' };
      expect(await shownTo(port, { ...at, servername: 'one.example.com' })).toBe('one rsa');
      expect(await shownTo(port, { ...at, servername: 'TWO.example.com', sigalgs: 'ECDSA+SHA256' })).toBe('two ec');
      expect(await shownTo(port, { ...rsaOnly, servername: 'two.example.com' })).toBe('two rsa');
      expect(await shownTo(port, { ...at, servername: 'three.example.com' })).toBe('star ec');
      expect(await shownTo(port, { ...at, servername: 'other.example.org' })).toBe('one rsa');
      expect(await shownTo(port, at)).toBe('one rsa');
    },
  );

  test('strict: who asks for a name of nobody, or for none, is told so', async () => {
    const origin = await startOrigin('x');
    const { port, edge, events } = await startRig(yaml(origin.port, listener(', strict_sni: true')));
    expect(await shownTo(port, { servername: 'three.example.com' })).toBe('star ec');
    for (const options of [{ servername: 'other.example.org' }, {}]) {
      await expect(handshake(port, options)).rejects.toThrow(/unrecognized name/);
    }
    await vi.waitFor(() => {
      edge.flush();
      expect(events).toContainEqual({
        type: 'connections-dropped',
        reason: 'server-name',
        count: expect.any(Number) as number,
      });
    });
  });

  test('min_version is held to', async () => {
    const origin = await startOrigin('x');
    const { port } = await startRig(yaml(origin.port, listener(', min_version: 1.3')));
    await handshake(port, { servername: 'one.example.com' });
    await expect(handshake(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/);
  });
});

describe.each(ENGINES)('%s: PROXY headers', (_, engine) => {
  const from = 'proxy_protocol: { from: [127.0.0.1] }';
  const header = 'PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n';

  test('the client is who the header names, before plain HTTP', async () => {
    const origin = await startOrigin('x');
    const rig = await startRig(yaml(origin.port, `{ listen: "127.0.0.1:0", ${from} }`, engine));
    expect(await exchanged(rig.port, header + REQUEST)).toMatch(/^HTTP\/1\.1 200 /);
    expect(origin.seen[0]?.rawHeaders.join()).toContain('X-Forwarded-For,203.0.113.9');
    const slow = await dial(rig.port);
    for (const piece of (header + REQUEST).split('')) {
      slow.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await readToEnd(slow)).toMatch(/^HTTP\/1\.1 200 /);
    expect(rig.records.map(({ clientAddress }) => clientAddress)).toEqual(['203.0.113.9', '203.0.113.9']);
  });

  test('a body that comes with it, larger than one read, is whole', async () => {
    const origin = await startOrigin('x', (_request, response, body) => response.end(String(body.length)));
    const rig = await startRig(yaml(origin.port, `{ listen: "127.0.0.1:0", ${from} }`, engine));
    const body = 'x'.repeat(300_000);
    const post = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect(await exchanged(rig.port, header + post)).toMatch(/300000$/);
  });

  test('before TLS, in one piece with the hello or apart', async () => {
    const folder = scratch();
    const origin = await startOrigin('x');
    const tls = `tls: { ${folder.writePair('a', issue({ names: ['a.example.com'], by: root }))}, strict_sni: true }`;
    const rig = await startRig(yaml(origin.port, `{ listen: "127.0.0.1:0", ${from}, ${tls} }`, engine));
    expect(await answered(await handshake(rig.port, { servername: 'a.example.com' }, header))).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(rig.records[0]).toMatchObject({ clientAddress: '203.0.113.9', tls: 'TLSv1.3' });
  });

  test.each([
    ['none', REQUEST],
    ['a broken one', `PROXY TCP4 nonsense\r\n${REQUEST}`],
    ['two', header + header + REQUEST],
  ])('%s is no way in', async (what, bytes) => {
    const origin = await startOrigin('x');
    const rig = await startRig(yaml(origin.port, `{ listen: "127.0.0.1:0", ${from} }`, engine));
    const socket = await dial(rig.port);
    socket.on('error', () => {});
    socket.write(bytes);
    const text = await readToEnd(socket).catch(() => '');
    expect(text).toMatch(what === 'two' ? /^HTTP\/1\.1 400 / : /^$/);
    expect(origin.seen).toEqual([]);
  });

  test('from a stranger it is nothing: the connection is closed, whatever it says', async () => {
    const origin = await startOrigin('x');
    const listeners =
      '{ listen: "127.0.0.1:0", proxy_protocol: { from: [10.0.0.0/8] } }, { name: b, listen: "127.0.0.1:1" }';
    const rig = await startRig(yaml(origin.port, listeners, engine));
    const socket = await dial(rig.port);
    socket.on('error', () => {});
    socket.write(header + REQUEST);
    expect(await readToEnd(socket).catch(() => '')).toBe('');
    rig.edge.flush();
    expect(rig.events).toContainEqual({ type: 'connections-dropped', reason: 'proxy-protocol', count: 1 });
    // A listener that expects none makes a bad request of it.
    expect(await exchanged(rig.ports[1] as number, header + REQUEST)).toMatch(/^HTTP\/1\.1 400 /);
    expect(origin.seen).toEqual([]);
  });
});

describe('a listener that redirects', () => {
  const started = async (edge = '') => {
    const folder = scratch();
    const origin = await startOrigin('x');
    const tls = `tls: { ${folder.writePair('a', issue({ names: ['shop.example.com'], by: root }))} }`;
    const listeners = `{ listen: "127.0.0.1:0", redirect: https, redirect_port: 8443 }, { name: b, listen: "127.0.0.1:1", ${tls} }`;
    const rig = await startRig(yaml(origin.port, listeners, edge, 'match: { hosts: [shop.example.com] }'));
    return { rig, origin };
  };

  test('leads everybody to https, where they are served', async () => {
    const { rig, origin } = await started();
    const reply = await ask(rig.port, { path: '/a?b', headers: { host: 'shop.example.com' } });
    expect([reply.status, reply.headers.location]).toEqual([301, 'https://shop.example.com:8443/a?b']);
    const posted = await ask(rig.port, { method: 'POST', body: 'x', headers: { host: 'shop.example.com' } });
    expect([posted.status, posted.headers.connection]).toEqual([308, 'close']);
    expect(origin.seen).toEqual([]);
    expect(await answered(await handshake(rig.ports[1] as number))).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('nobody is led to a host of strangers', async () => {
    const { rig } = await started();
    expect((await ask(rig.port, { headers: { host: 'evil.example.org' } })).status).toBe(404);
    expect((await ask(rig.port, { headers: { host: 'evil.example.org@shop.example.com' } })).status).toBe(400);
    const absolute = 'GET http://evil.example.org/ HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n';
    expect(await exchanged(rig.port, absolute)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await exchanged(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await exchanged(rig.port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('tells of the health of the edge, and lets go of idle connections when it stops', async () => {
    const { rig } = await started('health_path: /up, ');
    expect((await ask(rig.port, { path: '/up' })).status).toBe(200);
    const socket = await dial(rig.port);
    socket.write('GET /a HTTP/1.1\r\nHost: shop.example.com\r\n\r\n');
    await once(socket, 'data');
    await rig.edge.listener.stop();
    expect(await readToEnd(socket)).toBe('');
  });
});
