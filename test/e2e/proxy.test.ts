import { expect, test } from 'vitest';
import { TOTALS } from '../../src/table/worker-block.ts';
import { ask, exchangeBytes, valuesOf } from '../support/client.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml } from '../support/rig.ts';

/** One service whose only endpoint is on this port. */
function single(port: number, extra = ''): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
${extra}
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }]
`;
}

test('a request goes to the best endpoint and its answer comes back', async () => {
  const origin = await startOrigin('hello');
  const rig = await startRig(single(origin.port));
  const reply = await ask(rig.port, { path: '/a?b=c' });
  expect(reply).toMatchObject({ status: 200, body: 'hello' });
  expect(origin.seen).toMatchObject([{ method: 'GET', url: '/a?b=c' }]);
  expect(rig.records).toMatchObject([{ status: 200, how: 'complete', service: 'shop' }]);
});

test.each([
  '/a//b/../c',
  '/%2e%2e/%2F?x=%20&y=a+b&y=2',
  '/caf%C3%A9;v=1',
  '/?',
  '/a?b?c=/../d',
  "/!$&'()*+,;=:@~-._",
  '//double',
])('the target %s reaches the origin byte for byte', async (target) => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  await exchangeBytes(rig.port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(origin.seen.map(({ url }) => url)).toEqual([target]);
});

test.each([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'PROPFIND',
  'SEARCH',
  'PURGE',
  'TRACE',
  'REPORT',
])('the method %s is forwarded', async (method) => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  expect((await ask(rig.port, { method })).status).toBe(200);
  expect(origin.seen.map((seen) => seen.method)).toEqual([method]);
});

test.each([
  ['POST', 'a body'],
  ['GET', 'a body on a GET'],
  ['DELETE', 'a body on a DELETE'],
  ['PUT', 'x'.repeat(300_000)],
])('a %s carries its body', async (method, body) => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  const headers = { 'content-length': String(body.length), 'content-type': 'not/a;valid==type' };
  expect((await ask(rig.port, { method, body, headers })).status).toBe(200);
  expect(origin.seen[0]?.body.toString()).toBe(body);
  expect(valuesOf(origin.seen[0]?.rawHeaders ?? [], 'content-type')).toEqual(['not/a;valid==type']);
});

test('a chunked body without a length is forwarded whole', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  const chunks = '5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n';
  await exchangeBytes(
    rig.port,
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunks}`,
  );
  expect(origin.seen[0]?.body.toString()).toBe('hello world');
});

test('repeated headers are kept, in order and spelling, both ways', async () => {
  const origin = await startOrigin('x', (_, response) => {
    response.writeHead(200, ['Set-Cookie', 'a=1', 'X-One', 'first', 'Set-Cookie', 'b=2', 'X-One', 'second']);
    response.end('x');
  });
  const rig = await startRig(single(origin.port));
  const text = await exchangeBytes(
    rig.port,
    'GET / HTTP/1.1\r\nHost: a\r\nX-Two: 1\r\nAuthorization: a\r\nX-tWO: 2\r\nAuthorization: b\r\nConnection: close\r\n\r\n',
  );
  expect(text).toMatch(/Set-Cookie: a=1\r\nX-One: first\r\nSet-Cookie: b=2\r\nX-One: second\r\n/);
  const { rawHeaders = [] } = origin.seen[0] ?? {};
  expect(valuesOf(rawHeaders, 'x-two')).toEqual(['1', '2']);
  expect(valuesOf(rawHeaders, 'authorization')).toEqual(['a', 'b']);
  expect(rawHeaders).toContain('X-tWO');
});

test('hop-by-hop headers go no further, in either direction', async () => {
  const raw = await startRawOrigin((socket) => {
    socket.on('data', (bytes) => {
      sent.push(bytes.toString('latin1'));
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive, X-Secret\r\nKeep-Alive: timeout=5\r\n' +
          'X-Secret: 1\r\nProxy-Authenticate: Basic\r\nTrailer: X-T\r\nUpgrade: h2\r\nX-Kept: 1\r\n\r\nok',
      );
    });
  });
  const sent: string[] = [];
  const rig = await startRig(single(raw.port));
  const text = await exchangeBytes(
    rig.port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: 1\r\nTE: gzip, trailers\r\n' +
      'Proxy-Connection: x\r\nProxy-Authorization: secret\r\nExpect: 100-continue\r\nX-Kept: 1\r\n\r\n',
  );
  expect(text).toMatch(/X-Kept: 1\r\n/);
  expect(text).not.toMatch(/X-Secret|Proxy-Authenticate|Upgrade|timeout=5/i);
  expect(sent.join('')).toMatch(/X-Kept: 1\r\n/);
  expect(sent.join('')).toMatch(/TE: trailers\r\n/);
  expect(sent.join('')).not.toMatch(/X-Mine|Keep-Alive: 1|gzip|Proxy-|Expect/i);
  await raw.close();
});

test('the origin learns who asked, and strangers cannot say it', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  const spoofed = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https',
    forwarded: 'for=203.0.113.9',
    'x-real-ip': '1.2.3.4',
  };
  await ask(rig.port, { headers: { ...spoofed, host: 'shop.example.com', via: '1.1 cdn' } });
  const { rawHeaders = [] } = origin.seen[0] ?? {};
  expect(valuesOf(rawHeaders, 'x-forwarded-for')).toEqual(['127.0.0.1']);
  expect(valuesOf(rawHeaders, 'x-forwarded-proto')).toEqual(['http']);
  expect(valuesOf(rawHeaders, 'x-forwarded-host')).toEqual(['shop.example.com']);
  expect(valuesOf(rawHeaders, 'host')).toEqual(['shop.example.com']);
  expect(valuesOf(rawHeaders, 'forwarded')).toEqual([]);
  expect(valuesOf(rawHeaders, 'x-real-ip')).toEqual([]);
  expect(valuesOf(rawHeaders, 'via')).toEqual(['1.1 cdn, 1.1 meridian-test']);
  expect(rig.records[0]?.clientAddress).toBe('127.0.0.1');
});

test('a request that comes round again is answered 508', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  const reply = await ask(rig.port, { headers: { via: '1.1 a, 1.1 meridian-test' } });
  expect(reply.status).toBe(508);
  expect(reply.headers['proxy-status']).toMatch(/error=proxy_loop_detected/);
  expect(rig.records).toMatchObject([{ status: 508, service: '', attempts: [] }]);
  expect(origin.seen).toEqual([]);
});

test('an Expect: 100-continue is answered, and the body goes through', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n';
  const text = await exchangeBytes(rig.port, `${head}hello`);
  expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(origin.seen[0]?.body.toString()).toBe('hello');
});

test('an unknown priority falls back to the default and is counted', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  await ask(rig.port, { headers: { 'routing-priority': 'fastest' } });
  await ask(rig.port, { headers: { 'routing-priority': 'Latency' } });
  expect(rig.records.map(({ priority }) => priority)).toEqual(['balanced', 'latency']);
  expect(rig.block.totals[TOTALS.indexOf('unknown-priority')]).toBe(1);
});

test('a host that no service has is answered 404', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port, '    match: { hosts: [shop.example.com], prefix: /api }'));
  expect((await ask(rig.port, { path: '/api/x', headers: { host: 'shop.example.com:8080' } })).status).toBe(200);
  const reply = await ask(rig.port, { path: '/api/x', headers: { host: 'other.example.com' } });
  expect(reply.status).toBe(404);
  expect(reply.headers['proxy-status']).toMatch(/destination_not_found/);
  expect((await ask(rig.port, { path: '/apix', headers: { host: 'shop.example.com' } })).status).toBe(404);
});

test('the choice is by distance: each client gets the endpoint near it', async () => {
  const origins = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name)));
  const [aws, gcp, azure] = origins.map(({ port }) => port) as [number, number, number];
  const yaml = threeCloudsYaml([aws, gcp, azure]).replace('services:', 'routing: { latency_from: client }\nservices:');
  const rig = await startRig(yaml);
  const from = async (address: string) =>
    (await ask(rig.port, { headers: { 'x-forwarded-for': address, 'routing-priority': 'latency' } })).body;
  expect(await from('133.11.0.1')).toBe('azure');
  expect(await from('134.130.4.1')).toBe('gcp');
  expect(await from('3.80.0.1')).toBe('aws');
});

test.each([
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
  ['HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 400],
  ['HTTP/3.0', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n', 505],
  ['HTTP/0.9', 'GET /\r\n\r\n', 400],
  ['a fragment', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  [
    'both framings',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', 400],
  ['a list of lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello', 400],
  ['an empty length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n', 400],
  ['chunked in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ['another coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 501],
  ['chunked twice', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n', 400],
  ['space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n', 400],
  ['a bare CR', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n', 400],
  ['a NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', 400],
  ['an empty header name', 'GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n', 400],
  ['a head too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
])('%s is refused and nothing reaches the origin', async (_, bytes, status) => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  const text = await exchangeBytes(rig.port, bytes);
  expect(text).toMatch(new RegExp(`^HTTP/1.1 (${status}|505) `));
  expect(origin.seen).toEqual([]);
});

test('the absolute form is taken, and its authority is the Host', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(single(origin.port));
  await exchangeBytes(rig.port, 'GET http://real.example/x?y HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n');
  expect(origin.seen[0]?.url).toBe('/x?y');
  expect(valuesOf(origin.seen[0]?.rawHeaders ?? [], 'host')).toEqual(['real.example']);
});

test('garbage behind a good request does not take its answer away', async () => {
  const origin = await startOrigin('slow', (_, response) => void setTimeout(() => response.end('good answer'), 100));
  const rig = await startRig(single(origin.port));
  const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\r\n\r\n');
  expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(text).toMatch(/good answer(?:HTTP\/1\.1 400 .*)?$/s);
});

test.each([
  ['HEAD with a length', 'HEAD', 200, { 'content-length': '1234' }],
  ['304 with a length', 'GET', 304, { 'content-length': '1234', etag: '"a"' }],
  ['204', 'GET', 204, {}],
])('%s has no body and keeps its headers', async (_, method, status, headers) => {
  const origin = await startOrigin('x', (__, response) => {
    response.writeHead(status, headers);
    response.end();
  });
  const rig = await startRig(single(origin.port));
  const reply = await ask(rig.port, { method });
  expect(reply.status).toBe(status);
  expect(reply.body).toBe('');
  expect(reply.headers).toMatchObject(headers);
});

test('early hints and trailers come through', async () => {
  const origin = await startOrigin('x', (_, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.writeHead(200, { trailer: 'X-Sum' });
    response.write('part');
    response.addTrailers({ 'X-Sum': '42' });
    response.end();
  });
  const rig = await startRig(single(origin.port));
  const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n\r\n');
  expect(text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n/i);
  expect(text).toMatch(/Trailer: X-Sum\r\n/i);
  expect(text).toMatch(/0\r\nX-Sum: 42\r\n\r\n$/);
});

test('the head of an answer is not held back until its body comes', async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  const origin = await startOrigin('x', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    void release.then(() => response.end('data: 1\n\n'));
  });
  const rig = await startRig(single(origin.port));
  const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', /\r\n\r\n/);
  expect(text).toMatch(/text\/event-stream/);
  resolve();
});

test.each([
  ['never', false],
  ['trusted', true],
  ['always', true],
])('with decision_headers: %s a trusted client sees the numbers of its decision: %s', async (setting, shown) => {
  const origin = await startOrigin('ok');
  const yaml = single(origin.port).replace(
    'edge: { id: test,',
    `edge: { id: test, decision_headers: ${setting}, trust_proxies: [loopback],`,
  );
  const rig = await startRig(yaml);
  const { headers } = await ask(rig.port, {
    headers: { 'x-forwarded-for': '133.11.0.1', 'routing-priority': 'latency' },
  });
  expect(headers['x-meridian-decision'] !== undefined).toBe(shown);
  if (!shown) return;
  expect(headers['x-meridian-decision']).toMatch(
    /^endpoint="shop\/aws\/us-east-1\/.*"; priority=latency; client="JP"; attempts=1, "aws\/us-east-1"; score=0\.\d{3}; latency=0\.\d{3}; capacity=1\.000; health=1\.000; diversity=1\.000; ready$/,
  );
  expect(headers['server-timing']).toMatch(/^meridian;desc="aws\/us-east-1", upstream;dur=\d+\.\d$/);
});

test('strangers do not see the numbers that are for trusted peers', async () => {
  const origin = await startOrigin('ok');
  const rig = await startRig(
    single(origin.port).replace('edge: { id: test,', 'edge: { id: test, decision_headers: trusted,'),
  );
  expect((await ask(rig.port)).headers['x-meridian-decision']).toBeUndefined();
});

test('addresses that discovery has found are connected to, in turn, and a dead one is passed over', async () => {
  const [first, second, dead] = await Promise.all(['first', 'second', 'dead'].map((name) => startOrigin(name)));
  await dead?.kill();
  const yaml = single(80).replace('http://127.0.0.1:80', 'http://shop.internal:80');
  const addresses = [first, second, dead].map((origin) => ({ host: '127.0.0.1', port: origin?.port ?? 0 }));
  const rig = await startRig(yaml, { addresses: { 'shop/aws/us-east-1/shop.internal:80': addresses } });
  const replies = await Promise.all(Array.from({ length: 12 }, () => ask(rig.port)));
  expect(new Set(replies.map(({ body }) => body))).toEqual(new Set(['first', 'second']));
});
