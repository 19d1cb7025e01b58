import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import {
  type AdminDeps,
  type AdminServer,
  BODY_BYTES_MAX,
  HEAD_BYTES_MAX,
  startAdmin,
} from '../../../src/admin/fastify.ts';
import { portsWith } from './ports-double.ts';

const TOKEN = 'correct-horse';
const running: AdminServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(more: Partial<AdminDeps> = {}) {
  const server = await startAdmin({ listen: { host: '127.0.0.1', port: 0 }, token: '', ports: portsWith(), ...more });
  running.push(server);
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  return { server, ask, post: (path: string, init: RequestInit = {}) => ask(path, { method: 'POST', ...init }) };
}

/** Sends bytes as they are, and resolves with all that came back when the other side has ended. */
function raw(port: number, bytes: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.on('close', () => resolve(answer)).on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
  return promise;
}

test.each([
  ['/livez', 200, 'text/plain; charset=utf-8', 'ok'],
  ['/readyz', 200, 'text/plain; charset=utf-8', 'ok'],
  ['/readyz?verbose', 200, 'text/plain; charset=utf-8', '[+]serving ok\nreadyz check passed\n'],
  ['/metrics', 200, 'text/plain; version=0.0.4; charset=utf-8', 'up 1\n'],
  ['/explain?client_ip=203.0.113.9', 200, 'application/json; charset=utf-8', '{\n  "chosen": "203.0.113.9"\n}\n'],
  ['/topology', 200, 'application/json; charset=utf-8', '{\n  "services": []\n}\n'],
  ['/status', 200, 'application/json; charset=utf-8', '{\n  "endpoints": []\n}\n'],
])('GET %s', async (path, status, type, body) => {
  const { ask } = await start();
  const answer = await ask(path);
  expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([status, type, body]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

test('with a token, what probes and Prometheus ask needs none, and everything else does', async () => {
  const reload = vi.fn(async () => ({ ok: true }) as const);
  const { ask, post } = await start({ token: TOKEN, ports: portsWith({ reload }) });
  const headers = { authorization: `Bearer ${TOKEN}` };
  for (const path of ['/livez', '/readyz', '/metrics']) expect((await ask(path)).status).toBe(200);
  for (const path of ['/explain?client_ip=::1', '/topology', '/status']) {
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { headers })).status).toBe(200);
  }
  expect((await post('/reload')).status).toBe(401);
  expect((await post('/reload', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect(reload).not.toHaveBeenCalled();
  expect((await post('/reload', { headers })).status).toBe(200);
  expect(reload).toHaveBeenCalledTimes(1);
});

test('without a token, this machine may make changes, and a web page in a browser here may not', async () => {
  const reload = vi.fn(async () => ({ ok: true }) as const);
  const { post } = await start({ ports: portsWith({ reload }) });
  for (const headers of [
    { origin: 'https://evil.example' },
    { 'x-forwarded-for': '203.0.113.9' },
    { forwarded: 'for=1.2.3.4' },
  ]) {
    expect((await post('/reload', { headers })).status).toBe(403);
  }
  expect(reload).not.toHaveBeenCalled();
  expect((await post('/reload')).status).toBe(200);
});

test.each([
  ['nothing', {}],
  ['a form, as curl -d sends it', { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ['no JSON', { body: '{', headers: { 'content-type': 'application/json' } }],
])('a reload takes %s for a body', async (_, init) => {
  const { post } = await start();
  expect((await post('/reload', init)).status).toBe(200);
});

test('the answer to an unknown path or method says what there is', async () => {
  const { ask, post } = await start();
  const unknown = await ask('/nope?a=b');
  expect([unknown.status, JSON.parse(unknown.body)]).toEqual([
    404,
    { error: 'there is no /nope', fix: expect.stringContaining('/readyz') as string },
  ]);
  const wrong = await ask('/reload');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  expect(JSON.parse(wrong.body)).toEqual({ error: '/reload does not take GET', fix: 'use POST' });
  const posted = await post('/metrics');
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect((await ask('/livez', { method: 'HEAD' })).status).toBe(200);
});

test('a parameter that is given twice is refused', async () => {
  const { ask } = await start();
  const answer = await ask('/explain?client_ip=1.2.3.4&client_ip=5.6.7.8');
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    400,
    { error: '"client_ip" is given twice', fix: 'give it once' },
  ]);
});

test('a body that is too large is refused', async () => {
  const { post } = await start();
  const answer = await post('/reload', { body: 'x'.repeat(BODY_BYTES_MAX + 1) });
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([413, { error: 'the body is too large' }]);
});

test('what is no HTTP, and a head that is too large, end with their connection', async () => {
  const { server, ask } = await start();
  expect(await raw(server.port, 'GET /livez HTTP/1.1\r\nbad header\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  const long = `GET /livez HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(HEAD_BYTES_MAX)}\r\n\r\n`;
  expect(await raw(server.port, long)).toMatch(/^HTTP\/1\.1 431 /);
  expect((await ask('/livez')).status).toBe(200);
});

test('a path that cannot be decoded is a clear 400', async () => {
  const { server } = await start();
  const answer = await raw(server.port, 'GET /livez%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"error"');
  expect(answer).toContain('"fix"');
});

test('an error of a port is logged, and not shown to the caller', async () => {
  const onError = vi.fn();
  const boom = new Error('secret of the inside');
  const status = () => {
    throw boom;
  };
  const { ask } = await start({ ports: portsWith({ status }), onError });
  const answer = await ask('/status');
  expect(answer.status).toBe(500);
  expect(answer.body).not.toContain('secret');
  expect(onError).toHaveBeenCalledExactlyOnceWith('GET /status', boom);
});

test('a port in use rejects with one sentence that names the address', async () => {
  const { server } = await start();
  const listen = { host: '127.0.0.1', port: server.port };
  await expect(startAdmin({ listen, token: '', ports: portsWith() })).rejects.toThrow(
    `admin.listen: 127.0.0.1:${server.port} is in use by another process; stop it or choose another port`,
  );
});

test('closing ends connections that are kept alive, and is done soon', async () => {
  const { server, ask } = await start();
  const socket = connect(server.port, '127.0.0.1', () => socket.write('GET /livez HTTP/1.1\r\nhost: a\r\n\r\n'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
  await Promise.all([once(socket, 'close'), server.close()]);
  await expect(ask('/livez')).rejects.toThrow('fetch failed');
});

test('without a token, a web page whose name was pointed here reads nothing, and a proxy that says nothing changes nothing', async () => {
  const reload = vi.fn(async () => ({ ok: true }) as const);
  const { server } = await start({ ports: portsWith({ reload }), hosts: ['edge.internal'] });
  const statusOf = async (line: string, host: string, fields = '') => {
    const answer = await raw(server.port, `${line}\r\nHost: ${host}\r\n${fields}Connection: close\r\n\r\n`);
    return answer.slice(9, 12);
  };
  for (const path of ['/status', '/topology', '/alerts', '/slo', '/fleet', '/chaos', '/explain?client_ip=::1']) {
    expect([path, await statusOf(`GET ${path} HTTP/1.1`, `evil.example:${server.port}`)]).toEqual([path, '403']);
    expect([path, await statusOf(`GET ${path} HTTP/1.1`, 'edge.internal')]).toEqual([path, '200']);
  }
  const here = `127.0.0.1:${server.port}`;
  expect(await statusOf('POST /reload HTTP/1.0', here)).toBe('403');
  expect(await statusOf('POST /reload HTTP/1.1', '127.0.0.1:80')).toBe('403');
  expect(await statusOf('POST /reload HTTP/1.1', 'edge.internal')).toBe('403');
  expect(await statusOf('POST /reload HTTP/1.1', here, 'Via: 1.1 proxy\r\n')).toBe('403');
  expect(await statusOf('POST /reload HTTP/1.1', here, 'X-Real-IP: 203.0.113.9\r\n')).toBe('403');
  expect(await statusOf('POST /reload HTTP/1.1', here, 'Sec-Fetch-Site: cross-site\r\n')).toBe('403');
  expect(reload).not.toHaveBeenCalled();
  expect(await statusOf('POST /reload HTTP/1.1', here)).toBe('200');
});
