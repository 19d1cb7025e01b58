import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { CheckResult, CheckTarget, Prober } from '../../../src/health/check.ts';
import { probers } from '../../../src/health/probe.ts';
import { systemClock, systemSleep } from '../../../src/table/system-clock.ts';
import { AUTHORITY } from './certificate.ts';
import { Origin, refusingPort, targetOf } from './origin.ts';

const open = probers({ clock: systemClock(0), sleep: systemSleep });
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function prober(target: CheckTarget): Prober {
  const one = open(target);
  closing.push(() => one.close());
  return one;
}

async function origin(made: Promise<Origin>): Promise<Origin> {
  const one = await made;
  closing.push(() => one.stop());
  return one;
}

const http = (listener: RequestListener): Promise<Origin> => origin(Origin.http(listener));
const ok: RequestListener = (_, response) => response.end('ok');

/** Checks once, and requires that it took less than `limitMs`. */
async function within(limitMs: number, checking: () => Promise<CheckResult>): Promise<CheckResult> {
  const startMs = performance.now();
  const result = await checking();
  expect(performance.now() - startMs).toBeLessThan(limitMs);
  return result;
}

test('a check is a GET with its own Host and name, and says status, connection and first byte', async () => {
  const seen: unknown[] = [];
  const { port } = await http((request, response) => {
    seen.push([request.method, request.url, request.headers.host, request.headers['user-agent']]);
    setTimeout(() => response.end('ok'), 50);
  });
  const result = await prober(targetOf(port, { path: '/ready?deep=1', host: 'shop.example.com' })).check([]);
  expect(seen).toEqual([['GET', '/ready?deep=1', 'shop.example.com', 'meridian-health']]);
  expect(result).toMatchObject({ reachable: true, status: 200, error: undefined });
  expect(result.latencyMs).toBeGreaterThan(45);
  expect(result.latencyMs).toBeLessThan(1000);
  expect(result.connectMs).toBeLessThan(40);
});

test('without a host of its own, the check names the endpoint, with its port', async () => {
  let host: string | undefined;
  const { port } = await http((request, response) => {
    host = request.headers.host;
    response.end();
  });
  await prober(targetOf(port)).check([]);
  expect(host).toBe(`127.0.0.1:${port}`);
});

test.each([
  [200, true],
  [204, true],
  [301, true],
  [404, false],
  [503, false],
])('a status of %d is reachable: %s', async (status, reachable) => {
  const { port } = await http((_, response) => response.writeHead(status).end());
  expect(await prober(targetOf(port)).check([])).toMatchObject({
    reachable,
    status,
    error: reachable ? undefined : `status ${status} from /healthz`,
  });
});

test('expected statuses are those of the target', async () => {
  const { port } = await http((_, response) => response.writeHead(401).end());
  const target = targetOf(port, {
    expect: [
      [200, 200],
      [401, 403],
    ],
  });
  expect(await prober(target).check([])).toMatchObject({ reachable: true, status: 401 });
});

test('the connection is kept: the second check has no connecting in it', async () => {
  const one = await http(ok);
  const probe = prober(targetOf(one.port));
  expect((await probe.check([])).connectMs).toBeGreaterThan(0);
  expect(await probe.check([])).toMatchObject({ reachable: true, connectMs: undefined });
  expect(one.sockets).toHaveLength(1);
});

test('a kept connection that was closed meanwhile is no failure', async () => {
  const one = await http(ok);
  const probe = prober(targetOf(one.port));
  await probe.check([]);
  one.sockets[0]?.destroy();
  expect(await probe.check([])).toMatchObject({ reachable: true, status: 200 });
  expect(one.sockets).toHaveLength(2);
});

test('a kept connection that is cut by the very request is tried once more, and a fresh one is not', async () => {
  const one = await origin(
    Origin.tcp((socket) => {
      // Each connection answers one request and cuts itself at the second.
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        else socket.destroy();
      });
    }),
  );
  const probe = prober(targetOf(one.port));
  expect(await probe.check([])).toMatchObject({ reachable: true });
  expect(await probe.check([])).toMatchObject({ reachable: true });
  expect(one.sockets).toHaveLength(2);
  const cutting = await origin(Origin.tcp((socket) => socket.on('data', () => socket.destroy())));
  expect(await prober(targetOf(cutting.port)).check([])).toMatchObject({ reachable: false, status: undefined });
  expect(cutting.sockets).toHaveLength(1);
});

test.each([
  ['accepts and says nothing', () => {}, 'no answer within 200 ms'],
  ['sends half a head', 'HTTP/1.1 200 OK\r\nContent-', 'no answer within 200 ms'],
  ['sends no end of the body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok', 'no end of the body within 200 ms'],
  ['sends only 100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n', undefined],
  ['is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', undefined],
] as const)('an endpoint that %s is not reachable, in time', async (_, answer, error) => {
  const one = await origin(
    Origin.tcp((socket) => socket.on('data', () => typeof answer === 'string' && socket.write(answer))),
  );
  const probe = prober(targetOf(one.port, { timeoutMs: 200 }));
  const result = await within(1000, () => probe.check([]));
  expect(result.reachable).toBe(false);
  expect(result.error).toBe(error ?? result.error);
  expect(result.error).not.toBeUndefined();
});

test('a body that breaks off is not reachable', async () => {
  const one = await origin(
    Origin.tcp((socket) => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'))),
  );
  expect(await prober(targetOf(one.port)).check([])).toMatchObject({
    reachable: false,
    status: 200,
    error: 'connection closed in the body',
  });
});

test('an endless body is dropped after 64 KiB, and the endpoint is reachable', async () => {
  let sent = 0;
  const { port } = await http((_, response) => {
    const chunk = Buffer.alloc(16_384);
    const more = (): void => {
      if (response.destroyed) return;
      sent += chunk.length;
      response.write(chunk);
      setImmediate(more);
    };
    more();
  });
  const result = await within(1000, () => prober(targetOf(port)).check([]));
  expect(result).toMatchObject({ reachable: true, status: 200 });
  expect(sent).toBeGreaterThan(65_536);
});

test('after a check that timed out the next one begins anew', async () => {
  let hang = true;
  const { port } = await http((_, response) => hang || response.end());
  const probe = prober(targetOf(port, { timeoutMs: 100 }));
  expect((await probe.check([])).reachable).toBe(false);
  hang = false;
  expect((await probe.check([])).reachable).toBe(true);
});

test('a check that is over leaves no timer behind that would cut its connection', async () => {
  const signals: AbortSignal[] = [];
  const noting = probers({
    clock: systemClock(0),
    sleep: (ms, signal) => {
      signals.push(signal);
      return systemSleep(ms, signal);
    },
  });
  const one = await http(ok);
  const probe = noting(targetOf(one.port));
  closing.push(() => probe.close());
  await probe.check([]);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('refused is refused, at once', async () => {
  const probe = prober(targetOf(await refusingPort()));
  expect(await within(1000, () => probe.check([]))).toMatchObject({ reachable: false, error: 'connection refused' });
});

test('addresses are tried in turn, and the good one first the next time', async () => {
  const good = await http(ok);
  const dead = await refusingPort();
  const addresses = [
    { host: '127.0.0.1', port: dead },
    { host: '127.0.0.1', port: good.port },
  ];
  const probe = prober(targetOf(1, { url: { protocol: 'http', host: 'shop.test', port: 1, basePath: '' } }));
  expect(await probe.check(addresses)).toMatchObject({ reachable: true });
  good.sockets[0]?.destroy();
  const again = await probe.check(addresses);
  expect(again).toMatchObject({ reachable: true });
  expect(good.sockets).toHaveLength(2);
});

test('when the kept connection is gone, the address that was good is connected to before the others', async () => {
  const order: string[] = [];
  const mute = await origin(Origin.tcp(() => order.push('mute')));
  const good = await http((_, response) => {
    order.push('good');
    response.end();
  });
  const addresses = [mute, good].map(({ port }) => ({ host: '127.0.0.1', port }));
  const probe = prober(tls(1, { url: { protocol: 'http', host: 'shop.test', port: 1, basePath: '' }, timeoutMs: 300 }));
  // The mute one connects, so it is the one that is checked; it fails, and goes behind the good one.
  expect(await probe.check(addresses)).toMatchObject({ reachable: false });
  expect(await probe.check(addresses)).toMatchObject({ reachable: true });
  good.sockets[0]?.destroy();
  expect(await probe.check(addresses)).toMatchObject({ reachable: true });
  expect(order).toEqual(['mute', 'good', 'good']);
});

test('an address that cannot be connected to is not tried before the good one again', async () => {
  const mute = await origin(Origin.tcp(() => {}));
  const good = await origin(Origin.https(ok));
  const book = [mute, good].map(({ port }) => ({ host: '127.0.0.1', port }));
  const probe = prober(tls(1, { timeoutMs: 2000 }));
  expect(await probe.check(book)).toMatchObject({ reachable: true });
  good.sockets[0]?.destroy();
  expect(await probe.check(book)).toMatchObject({ reachable: true });
  expect([mute.sockets.length, good.sockets.length]).toEqual([1, 2]);
});

test('one sick replica is not the endpoint: after its bad status the next check asks another', async () => {
  const sick = await http((_, response) => response.writeHead(500).end());
  const good = await http(ok);
  const book = [sick, good].map(({ port }) => ({ host: '127.0.0.1', port }));
  const probe = prober(targetOf(1));
  expect(await probe.check(book)).toMatchObject({ reachable: false, error: 'status 500 from /healthz' });
  expect(await probe.check(book)).toMatchObject({ reachable: true });
  expect(await probe.check(book)).toMatchObject({ reachable: true, connectMs: undefined });
});

test('with only one address, a bad status costs no connection', async () => {
  const sick = await http((_, response) => response.writeHead(500).end());
  const probe = prober(targetOf(sick.port));
  await probe.check([]);
  await probe.check([]);
  expect(sick.sockets).toHaveLength(1);
});

test('an address that the book has no more is left for one that it has', async () => {
  const [old, fresh] = [await http(ok), await http(ok)];
  const probe = prober(targetOf(1));
  await probe.check([{ host: '127.0.0.1', port: old.port }]);
  expect(await probe.check([{ host: '127.0.0.1', port: fresh.port }])).toMatchObject({ reachable: true });
  expect([old.sockets.length, fresh.sockets.length]).toEqual([1, 1]);
});

const tls = (port: number, more: Partial<CheckTarget> = {}): CheckTarget =>
  targetOf(port, { url: { protocol: 'https', host: 'shop.test', port, basePath: '' }, ca: AUTHORITY, ...more });

test('TLS: verified by the name of the endpoint against the given authority, and kept', async () => {
  const one = await origin(Origin.https(ok));
  const probe = prober(tls(one.port));
  const book = [{ host: '127.0.0.1', port: one.port }];
  expect(await probe.check(book)).toMatchObject({ reachable: true, status: 200 });
  expect(await probe.check(book)).toMatchObject({ reachable: true, connectMs: undefined });
  expect(one.sockets).toHaveLength(1);
});

test('TLS: an endpoint that is an address is verified as one', async () => {
  const one = await origin(Origin.https(ok));
  const url = { protocol: 'https', host: '127.0.0.1', port: one.port, basePath: '' } as const;
  expect(await prober(tls(one.port, { url })).check([])).toMatchObject({ reachable: true });
});

test.each([
  ['an authority that nobody trusts', { ca: undefined }, 'cannot connect (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'],
  ['another name', { serverName: 'other.test' }, 'cannot connect (ERR_TLS_CERT_ALTNAME_INVALID)'],
])('TLS: %s is not reachable', async (_, more, error) => {
  const one = await origin(Origin.https(ok));
  const book = [{ host: '127.0.0.1', port: one.port }];
  expect(await prober(tls(one.port, more)).check(book)).toMatchObject({ reachable: false, error });
});

test('TLS: the given name goes before that of the endpoint', async () => {
  const one = await origin(Origin.https(ok));
  const url = { protocol: 'https', host: 'elsewhere.test', port: one.port, basePath: '' } as const;
  const book = [{ host: '127.0.0.1', port: one.port }];
  expect(await prober(tls(one.port, { url, serverName: 'shop.test' })).check(book)).toMatchObject({ reachable: true });
});

test('TLS: a handshake that never ends is bounded', async () => {
  const one = await origin(Origin.tcp(() => {}));
  const book = [{ host: '127.0.0.1', port: one.port }];
  const result = await within(1000, () => prober(tls(one.port, { timeoutMs: 200 })).check(book));
  expect(result).toMatchObject({ reachable: false, error: 'no connection within 200 ms' });
});

test('TLS: an authority that cannot be read is refused when the prober is opened', () => {
  expect(() => open(tls(1, { ca: '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----' }))).toThrow(
    /PEM|asn1|base64/i,
  );
});

test('closing ends a check that is under way, and later ones before they begin', async () => {
  const one = await origin(Origin.tcp(() => {}));
  const probe = prober(targetOf(one.port));
  const checking = probe.check([]);
  await expect.poll(() => one.sockets.length).toBe(1);
  probe.close();
  expect(await within(1000, () => checking)).toMatchObject({ reachable: false, error: 'closed' });
  expect(await probe.check([])).toMatchObject({ reachable: false, error: 'closed' });
});

test('a check that is to be made anew has a handshake, though the connection of the last one is there', async () => {
  const { port, sockets } = await http(ok);
  const checked = prober(targetOf(port));
  const [first, kept, anew] = [await checked.check([]), await checked.check([]), await checked.check([], true)];
  expect([first, kept, anew].map(({ reachable }) => reachable)).toEqual([true, true, true]);
  expect(first.handshakeMs).toBeGreaterThan(0);
  expect([kept.connectMs, kept.handshakeMs]).toEqual([undefined, undefined]);
  expect(anew.handshakeMs).toBeGreaterThan(0);
  expect(sockets).toHaveLength(2);
  await expect.poll(() => sockets[0]?.destroyed).toBe(true);
});

test('the handshake is that of TCP, and what TLS takes is no part of it', async () => {
  // A server that is slow to answer the first bytes of TLS, as one is that does something else.
  const slow = await origin(Origin.https(ok));
  const relay = await origin(
    Origin.tcp((socket) => {
      socket.pause();
      setTimeout(() => {
        const behind = connect(slow.port, '127.0.0.1');
        behind.on('error', () => {});
        socket
          .on('error', () => {})
          .pipe(behind)
          .pipe(socket);
      }, 150);
    }),
  );
  const url = { protocol: 'https', host: '127.0.0.1', port: relay.port, basePath: '' } as const;
  const target = targetOf(relay.port, { url, ca: AUTHORITY, serverName: 'shop.test' });
  const result = await prober(target).check([], true);
  expect(result.error).toBeUndefined();
  expect(result.connectMs).toBeGreaterThan(140);
  expect(result.handshakeMs).toBeLessThan(100);
});
