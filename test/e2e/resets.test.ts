import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeCertificates } from '../support/certificates.ts';
import { ask } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';

/**
 * Anybody may reset a connection at any moment, and that ends this connection, not the thread with everybody else's on it: a CONNECT, or an
 * upgrade behind a request that was pending, and then a reset, once killed the edge thread.
 */

const GET = 'GET /pending HTTP/1.1\r\nHost: a\r\n\r\n';
const UPGRADE = 'GET /pending HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: custom/1\r\n\r\n';
const CONNECT = 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n';
const GENERAL = 'PROPFIND /pending HTTP/1.1\r\nHost: a\r\n\r\n';
const HALF_POST = 'POST /pending HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf';
const HALF_CHUNKS = 'POST /pending HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n';
const at = (path: string, request: string) => request.replace('/pending', path);

/** What a client has sent when it resets its connection; of an array, piece by piece. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  'nothing at all': [''],
  'half a method': ['GE'],
  'half a head': ['GET / HTTP/1.1\r\nHos'],
  'half a head of the general engine': ['PROPFIND / HTTP/1.1\r\nHos'],
  'a head in very many pieces': Array.from(at('/quick', GET)),
  garbage: ['what?\r\n\r\n'],
  'half a body': [HALF_POST],
  'half a body in chunks': [HALF_CHUNKS],
  'half a body of the general engine': [HALF_POST.replace('POST', 'PROPPATCH')],
  'garbage in a body': [`${HALF_CHUNKS}no size\r\n`],
  'a request that is pending': [GET],
  'a request that is pending in the general engine': [GENERAL],
  'requests behind each other': [GET + GET + GET],
  'requests behind each other in the general engine': [GENERAL + GENERAL + GENERAL],
  'a general request behind a pending one': [GET + GENERAL],
  'garbage behind a pending request': [`${GENERAL}what?\r\n\r\n`],
  'an answer that streams': [at('/stream', GET)],
  'an answer that streams in the general engine': [at('/stream', GENERAL)],
  'an expectation': [HALF_POST.replace('\r\n\r\nhalf', '\r\nExpect: 100-continue\r\n\r\n')],
  'an expectation and half a body': [HALF_POST.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n')],
  'an expectation behind a pending request': [
    GENERAL + HALF_POST.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'),
  ],
  'a pending upgrade': [UPGRADE],
  'a pending upgrade and early bytes': [`${UPGRADE}early`],
  'a refused upgrade': [at('/quick', UPGRADE)],
  'a refused upgrade whose answer streams': [at('/stream', UPGRADE)],
  'an upgrade': [at('/switch', UPGRADE)],
  'an upgrade on which bytes have gone': [at('/switch', UPGRADE), 'a', 'b'],
  'an upgrade behind a pending request': [GET + UPGRADE],
  'an upgrade behind a pending request of the general engine': [GENERAL + UPGRADE],
  'an upgrade and early bytes behind pending requests': [GENERAL + GENERAL + UPGRADE, 'early'],
  'an upgrade behind an answer that streams': [at('/stream', GENERAL) + UPGRADE],
  'an upgrade with a body': [UPGRADE.replace('\r\n\r\n', '\r\nContent-Length: 9\r\n\r\nhalf')],
  'a tunnel': [CONNECT],
  'a tunnel with half a body': [CONNECT.replace('\r\n\r\n', '\r\nContent-Length: 9\r\n\r\nhalf')],
  'a tunnel with half a chunk': [CONNECT.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nha')],
  'a tunnel and more': [`${CONNECT}more`, 'more'],
  'a tunnel behind a pending request': [GET + CONNECT],
  'a tunnel behind a pending request of the general engine': [GENERAL + CONNECT],
  'HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
};

/** Milliseconds from the last piece to the reset: in the same turn, in the next ones, and when the edge waits for the endpoint. */
const RESET_AFTER_MS = [0, 1, 40];

async function startedEdge(accelerator: 'on' | 'off', tls: boolean) {
  const origin = await startRawOrigin((socket) => {
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (text.includes('/healthz')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else if (text.includes('/quick')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nquick');
      else if (text.includes('/stream'))
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n');
      else if (text.includes('/switch')) {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: custom/1\r\n\r\nhello');
      }
    });
  });
  onTestFinished(() => origin.close());
  const certificates = tls ? makeCertificates() : undefined;
  const secure = tls ? `, tls: { cert: "${certificates?.certFile}", key: "${certificates?.keyFile}" }` : '';
  const yaml = `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, accelerator: ${accelerator}${secure} }
admin: { listen: "127.0.0.1:0" }
services:
  shop:
    timeouts: { first_byte: 3s }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }]
`;
  const running = run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)]);
  const found = await running.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  return { running, port: Number(found[1]), admin: Number(found[2]) };
}

async function sent(port: number, tls: boolean, pieces: readonly string[]): Promise<{ raw: Socket }> {
  const raw = connect({ port, host: '127.0.0.1', noDelay: true });
  raw.on('error', () => {});
  await once(raw, 'connect');
  let over: Socket = raw;
  if (tls) {
    over = connectTls({ socket: raw, rejectUnauthorized: false });
    over.on('error', () => {});
    await once(over, 'secureConnect');
  }
  over.resume();
  for (const piece of pieces) {
    if (piece !== '') over.write(piece, 'latin1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { raw };
}

async function answered(port: number, tls: boolean): Promise<string> {
  const raw = connect({ port, host: '127.0.0.1' });
  const over = tls ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw;
  over.write('GET /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const chunk of over) text += chunk;
  return text;
}

test.each([
  ['on', false],
  ['off', false],
  ['on', true],
  ['off', true],
] as const)(
  'accelerator %s, TLS %s: resets at every stage of every kind of request end no thread',
  async (accelerator, tls) => {
    const { running, port, admin } = await startedEdge(accelerator, tls);
    for (const [stage, pieces] of Object.entries(STAGES)) {
      for (const ms of RESET_AFTER_MS) {
        const { raw } = await sent(port, tls, pieces);
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
        raw.resetAndDestroy();
      }
      expect(await answered(port, tls), stage).toMatch(/^HTTP\/1\.1 200 OK.*quick$/s);
    }
    for (const bytes of ['', '\x16', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc', 'GET / HTTP/1.1\r\n\r\n']) {
      const { raw } = await sent(port, false, [bytes]);
      raw.resetAndDestroy();
    }
    expect(await answered(port, tls)).toMatch(/quick$/);
    const metric = async (name: string) => {
      const { body } = await ask(admin, { path: '/metrics' });
      return [...body.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'gm'))].map(([, value]) => Number(value));
    };
    expect(await metric('meridian_worker_restarts_total')).toEqual([0]);
    expect(await metric('meridian_bugs_total')).toEqual([0]);
    expect(running.out() + running.err()).not.toMatch(/died/);
    // And nothing of them is left in flight.
    await vi.waitFor(
      async () => {
        expect((await metric('meridian_in_flight')).reduce((sum, count) => sum + count, 0)).toBe(0);
      },
      { timeout: 8000, interval: 200 },
    );
  },
  120_000,
);
