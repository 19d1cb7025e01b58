import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Rig } from '../support/bare-rig.ts';
import { ask, type Reply } from '../support/client.ts';
import { type Answer, type Origin, startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

/** For what comes soon, on a machine that has other things to do as well. */
const SOON = { timeout: 20_000 };

/** A service with a ladder over one origin, and what its tests need to say of it. Its endpoint is in time unless a test is about one that is late. */
async function stage(answer: Answer, ladder = '', extra = ''): Promise<{ origin: Origin; rig: Rig }> {
  const origin = await startOrigin('origin', answer);
  const rig = await startRig(yamlOf(origin.port, ladder, extra));
  return { origin, rig };
}

function yamlOf(port: number, ladder: string, extra = ''): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
    degraded: { ${ladder.includes('primary_timeout') ? '' : 'primary_timeout: 10s, '}${ladder} }
    breakers: { failures: 200 }
${extra}
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }
`;
}

const status = (reply: Reply) => reply.headers['cache-status'];
const quality = (reply: Reply) => reply.headers['service-quality'];

test('an answer in time is full, and kept', async () => {
  const { rig } = await stage((_, response) => response.setHeader('Cache-Control', 'max-age=60').end('page'));
  const reply = await ask(rig.port);
  expect([reply.status, reply.body, quality(reply)]).toEqual([200, 'page', 'full']);
  expect(status(reply)).toBe('meridian; fwd=uri-miss; stored');
  const again = await ask(rig.port);
  expect([quality(again), status(again)]).toEqual(['full', 'meridian; fwd=bypass; stored']);
  expect(rig.records.map((record) => record.quality)).toEqual(['full', 'full']);
});

test('a late origin: the fresh copy serves, and the late answer refreshes it', async () => {
  let version = 1;
  let release: (() => void) | undefined;
  const { rig } = await stage((_, response) => {
    const answer = () =>
      response.setHeader('Cache-Control', 'max-age=60').setHeader('ETag', `"${version}"`).end(`v${version}`);
    if (version === 1) answer();
    else release = answer;
  }, 'primary_timeout: 50ms');
  await ask(rig.port);
  version = 2;
  const late = await ask(rig.port);
  expect([late.status, late.body, quality(late)]).toEqual([200, 'v1', 'degraded']);
  expect(status(late)).toMatch(/^meridian; hit; ttl=(60|[1-5]\d)$/);
  expect(late.headers['age']).toMatch(/^\d+$/);
  expect(late.headers['proxy-status']).toBe('meridian-test; error=http_response_timeout');
  expect(late.headers['content-length']).toBe('2');
  release?.();
  await vi.waitFor(async () => expect((await ask(rig.port)).body).toBe('v2'), SOON);
});

test('a dead origin: copies answer as minimal, fresh or stale, the rest is a clear 503', async () => {
  const { origin, rig } = await stage((request, response) => {
    response.setHeader('Cache-Control', request.url === '/short' ? 'max-age=1' : 'max-age=60').end('page');
  }, 'wait: 0s');
  await ask(rig.port, { path: '/long' });
  await ask(rig.port, { path: '/short' });
  await origin.kill();
  const fresh = await ask(rig.port, { path: '/long' });
  expect([fresh.status, fresh.body, quality(fresh)]).toEqual([200, 'page', 'minimal']);
  expect(fresh.headers['proxy-status']).toBe('meridian-test; error=connection_refused');
  await vi.waitFor(async () => expect(status(await ask(rig.port, { path: '/short' }))).toMatch(/stale/), SOON);
  const stale = await ask(rig.port, { path: '/short' });
  expect([stale.status, stale.body]).toEqual([200, 'page']);
  expect(status(stale)).toMatch(/^meridian; fwd=stale; ttl=(0|-\d+)$/);
  expect(Number(stale.headers['age'])).toBeGreaterThanOrEqual(1);
  const none = await ask(rig.port, { path: '/never' });
  expect([none.status, quality(none)]).toEqual([503, undefined]);
  expect(none.headers['retry-after']).toMatch(/^\d+$/);
  expect(none.headers['proxy-status']).toMatch(/^meridian-test; error=connection_refused/);
  rig.edge.flush();
  const counted = rig.events.filter((event) => event.type === 'degraded').map((event) => [event.quality, event.source]);
  expect(counted).toEqual(
    expect.arrayContaining([
      ['minimal', 'cache'],
      ['minimal', 'stale'],
      ['none', 'none'],
    ]),
  );
  expect(rig.records.at(-1)?.quality).toBe('none');
});

test('an origin that hangs: nothing hangs with it', async () => {
  const { origin, rig } = await stage(() => {}, 'primary_timeout: 30ms, wait: 50ms');
  origin.hang = true;
  const before = performance.now();
  const reply = await ask(rig.port);
  expect(reply.status).toBe(503);
  // Without its time for a first byte (15 s).
  expect(performance.now() - before).toBeLessThan(12_000);
  expect(reply.headers['retry-after']).toBeDefined();
});

test('a late origin with nothing in its place is waited for', async () => {
  const { rig } = await stage((_, response) => setTimeout(() => response.end('late'), 120), 'primary_timeout: 20ms');
  const reply = await ask(rig.port);
  expect([reply.status, reply.body, quality(reply)]).toEqual([200, 'late', 'full']);
});

test('fallbacks are asked in order, each within its time, without credentials', async () => {
  const slow = await startOrigin('slow', () => {});
  const refusing = await startOrigin('refusing', (_, response) => response.writeHead(404).end());
  const site = await startOrigin('site', (_, response) => response.end('static'));
  const list = [slow, refusing, site].map(
    ({ port }) => `{ url: "http://127.0.0.1:${port}/base", timeout: ${port === slow.port ? '500ms' : '10s'} }`,
  );
  const { origin, rig } = await stage(() => {}, `fallbacks: [${list.join(', ')}]`);
  await origin.kill();
  const headers = {
    authorization: 'Bearer x',
    cookie: 'a=b',
    'if-none-match': '"x"',
    range: 'bytes=0-1',
    accept: 'a/b',
    'x-api-key': 'k',
  };
  const reply = await ask(rig.port, { path: '/page?q=1', headers });
  expect([reply.status, reply.body, quality(reply)]).toEqual([200, 'static', 'degraded']);
  expect(reply.headers['proxy-status']).toBe('meridian-test; error=connection_refused');
  expect([slow.seen.length, refusing.seen.length, site.seen.length]).toEqual([1, 1, 1]);
  expect(site.seen[0]?.url).toBe('/base/page?q=1');
  const names = site.seen[0]?.rawHeaders.map((text) => text.toLowerCase()) ?? [];
  expect(names).toContain('accept');
  for (const name of ['authorization', 'cookie', 'x-api-key', 'if-none-match', 'range'])
    expect(names).not.toContain(name);
  expect(names[names.indexOf('host') + 1]).toBe(`127.0.0.1:${site.port}`);
  const posted = await ask(rig.port, { method: 'POST', body: 'pay' });
  expect([posted.status, site.seen.length]).toEqual([502, 1]);
});

test('a fallback whose certificate nobody vouches for is not used', async () => {
  const plain = await startOrigin('plain');
  const { origin, rig } = await stage(() => {}, `fallbacks: [{ url: "https://127.0.0.1:${plain.port}" }]`);
  await origin.kill();
  expect((await ask(rig.port)).status).toBe(503);
});

test("a failing origin's own answer is the last resort, and a copy goes before it", async () => {
  let failing = false;
  const { origin, rig } = await stage((_, response) => {
    if (failing) response.writeHead(503, { 'Content-Type': 'x/y' }).end('busy');
    else response.setHeader('Cache-Control', 'max-age=60').end('page');
  });
  await ask(rig.port, { path: '/kept' });
  failing = true;
  const kept = await ask(rig.port, { path: '/kept' });
  expect([kept.status, kept.body, quality(kept)]).toEqual([200, 'page', 'minimal']);
  expect(kept.headers['proxy-status']).toBe('meridian-test; received-status=503');
  const own = await ask(rig.port, { path: '/other' });
  expect([own.status, own.body, own.headers['content-type']]).toEqual([503, 'busy', 'x/y']);
  expect(origin.seen).toHaveLength(3);
  expect(rig.table.live.inFlight[rig.row('aws')]).toBe(0);
});

const never: readonly (readonly [string, Record<string, string>, Record<string, string | string[]>])[] = [
  ['authorised', { authorization: 'Bearer x' }, { 'Cache-Control': 'max-age=60' }],
  ['with a cookie', { cookie: 'session=1' }, { 'Cache-Control': 'max-age=60' }],
  ['that sets a cookie', {}, { 'Cache-Control': 'max-age=60', 'Set-Cookie': 'session=1' }],
  ['private', {}, { 'Cache-Control': 'private, max-age=60' }],
  ['no-store', {}, { 'Cache-Control': 'no-store' }],
  ['no-cache', {}, { 'Cache-Control': 'no-cache', ETag: '"1"' }],
  ['Vary: *', {}, { 'Cache-Control': 'max-age=60', Vary: '*' }],
  ['asked for with no-store', { 'cache-control': 'no-store' }, { 'Cache-Control': 'max-age=60' }],
  ['private by a cookie, silent', { cookie: 'session=1' }, {}],
  ['private by a key, silent', { 'x-api-key': 'mine' }, {}],
  ['private by a key, with a lifetime', { 'x-api-key': 'mine' }, { 'Cache-Control': 'max-age=60' }],
  ['private by authorization, silent', { authorization: 'Bearer x' }, {}],
  ['larger than an entry may be', {}, { 'Cache-Control': 'max-age=60', 'X-Large': 'yes' }],
];
test.each(never)('never kept: %s', async (_, asked, said) => {
  const { origin, rig } = await stage((_request, response) => {
    for (const [name, value] of Object.entries(said)) response.setHeader(name, value);
    response.end('X-Large' in said ? 'x'.repeat(2000) : 'mine');
  }, 'wait: 0s, cache: { entry_bytes: 1KiB, fresh_for: 60s }');
  const first = await ask(rig.port, { headers: asked });
  expect(first.status).toBe(200);
  await origin.kill();
  expect((await ask(rig.port, { headers: asked })).status).toBe(503);
  expect((await ask(rig.port)).status).toBe(503);
});

const shared: typeof never = [
  ['authorised and public', { authorization: 'Bearer x' }, { 'Cache-Control': 'public, max-age=60' }],
  ['with a cookie and public', { cookie: 'session=1' }, { 'Cache-Control': 'public, max-age=60' }],
  ['that sets a cookie and is public', {}, { 'Cache-Control': 'public, max-age=60', 'Set-Cookie': 'session=1' }],
  ['that says nothing', {}, {}],
  ['with s-maxage', { authorization: 'x' }, { 'Cache-Control': 's-maxage=60' }],
  ['with a key and public', { 'x-api-key': 'x' }, { 'Cache-Control': 'public, max-age=60' }],
  ['authorised and to be revalidated', { authorization: 'x' }, { 'Cache-Control': 'must-revalidate, max-age=60' }],
  ['with an Age that is no number', {}, { 'Cache-Control': 'max-age=60', Age: 'young' }],
  ['with two Ages', {}, { 'Cache-Control': 'max-age=60', Age: ['5', '90'] }],
];
test.each(shared)('kept: %s', async (_, asked, said) => {
  const { origin, rig } = await stage((_request, response) => {
    for (const [name, value] of Object.entries(said)) response.setHeader(name, value);
    response.end('ours');
  }, 'cache: { fresh_for: 60s }');
  const first = await ask(rig.port, { headers: asked });
  expect(first.headers['set-cookie']).toEqual('Set-Cookie' in said ? ['session=1'] : undefined);
  await origin.kill();
  const copy = await ask(rig.port);
  expect([copy.status, copy.body, copy.headers['set-cookie']]).toEqual([200, 'ours', undefined]);
});

test('a copy is for its method, host, target and what Vary names, and for no region', async () => {
  const { origin, rig } = await stage((request, response) => {
    response.setHeader('Cache-Control', 'max-age=60').setHeader('Vary', 'Accept-Language');
    response.end(`${request.headers['accept-language']} ${request.url}`);
  }, 'wait: 0s');
  const german = { 'accept-language': 'de' };
  await ask(rig.port, { path: '/a?b', headers: german });
  await origin.kill();
  expect((await ask(rig.port, { path: '/a?b', headers: german })).body).toBe('de /a?b');
  const head = await ask(rig.port, { method: 'HEAD', path: '/a?b', headers: german });
  expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '7']);
  for (const other of [
    { path: '/a?b', headers: { 'accept-language': 'fr' } },
    { path: '/a?b' },
    { path: '/a', headers: german },
    { path: '/a?b', headers: { ...german, host: 'other.example' } },
  ]) {
    expect((await ask(rig.port, other)).status).toBe(503);
  }
});

test('a conditional request is answered from the copy, a range with the whole', async () => {
  const { origin, rig } = await stage((_, response) =>
    response.setHeader('Cache-Control', 'max-age=60').setHeader('ETag', '"v1"').setHeader('X-Other', 'y').end('page'),
  );
  await ask(rig.port);
  await origin.kill();
  const same = await ask(rig.port, { headers: { 'if-none-match': 'W/"v1"' } });
  expect([same.status, same.body, same.headers['etag'], same.headers['x-other']]).toEqual([304, '', '"v1"', undefined]);
  expect([quality(same), same.headers['content-length']]).toEqual(['minimal', undefined]);
  expect((await ask(rig.port, { headers: { 'if-none-match': '"v2"' } })).status).toBe(200);
  expect(await ask(rig.port, { headers: { range: 'bytes=0-1' } })).toMatchObject({ status: 200, body: 'page' });
});

test('a change drops the copy of what it changed', async () => {
  const { origin, rig } = await stage((_, response) => response.setHeader('Cache-Control', 'max-age=60').end('page'));
  await ask(rig.port, { path: '/a' });
  await ask(rig.port, { path: '/b' });
  expect((await ask(rig.port, { method: 'PUT', path: '/a', body: 'new' })).status).toBe(200);
  await origin.kill();
  expect([(await ask(rig.port, { path: '/a' })).status, (await ask(rig.port, { path: '/b' })).status]).toEqual([
    503, 200,
  ]);
});

test('purging forgets one URL, a prefix, or all', async () => {
  const { origin, rig } = await stage((_, response) => response.setHeader('Cache-Control', 'max-age=60').end('page'));
  const paths = ['/a', '/a/b', '/c', '/c/d'];
  for (const path of paths) await ask(rig.port, { path });
  await origin.kill();
  const left = async () => {
    const replies = await Promise.all(paths.map((path) => ask(rig.port, { path })));
    return replies.map((reply) => reply.status);
  };
  const base = `http://127.0.0.1:${rig.port}`;
  await rig.edge.purge({ service: 'shop', url: `${base}/a` });
  expect(await left()).toEqual([503, 200, 200, 200]);
  await rig.edge.purge({ service: 'shop', prefix: `${base}/c` });
  expect(await left()).toEqual([503, 200, 503, 503]);
  await rig.edge.purge({ service: 'shop', prefix: '' });
  expect(await left()).toEqual([503, 503, 503, 503]);
});

test('identical misses are one request to the origin', async () => {
  const { origin, rig } = await stage(
    (_, response) => setTimeout(() => response.setHeader('Cache-Control', 'max-age=60').end('page'), 3000),
    'primary_timeout: 10s',
  );
  const replies = await Promise.all(Array.from({ length: 20 }, () => ask(rig.port)));
  expect(replies.map((reply) => [reply.status, reply.body, quality(reply)])).toEqual(
    Array.from({ length: 20 }, () => [200, 'page', 'full']),
  );
  expect(origin.seen).toHaveLength(1);
  expect(replies.filter((reply) => status(reply)?.includes('collapsed'))).toHaveLength(19);
});

test('a leader that fails fails nobody else, and one whose answer is its own makes nobody wait again', async () => {
  let requests = 0;
  const { origin, rig } = await stage(
    (_, response) => {
      requests += 1;
      const mine = requests;
      setTimeout(() => {
        if (mine === 1) response.destroy();
        else response.setHeader('Cache-Control', 'no-store').end(`${mine}`);
      }, 20);
    },
    'wait: 0s, primary_timeout: 10s',
    '    retries: { attempts: 1 }',
  );
  const replies = await Promise.all(Array.from({ length: 5 }, () => ask(rig.port)));
  expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 503]);
  expect(origin.seen).toHaveLength(5);
  await Promise.all([ask(rig.port), ask(rig.port)]);
  expect(origin.seen).toHaveLength(7);
});

test('a client that leaves takes its request along, unless others wait for it', async () => {
  let closed = 0;
  const { origin, rig } = await stage(
    (_, response) => response.on('close', () => (closed += 1)),
    'primary_timeout: 10s',
  );
  const socket = connect(rig.port, '127.0.0.1', () => socket.write('GET /gone HTTP/1.1\r\nHost: a\r\n\r\n'));
  await once(socket, 'connect');
  await vi.waitFor(() => expect(origin.seen).toHaveLength(1), SOON);
  socket.destroy();
  await vi.waitFor(() => expect(closed).toBe(1), SOON);
  await vi.waitFor(() => expect(rig.records.at(-1)).toMatchObject({ status: 499, how: 'client-gone' }), SOON);
  expect(rig.table.live.inFlight[rig.row('aws')]).toBe(0);
});

test('an answer that breaks off is broken for the client and not kept', async () => {
  const { rig } = await stage((request, response) => {
    if (request.url !== '/breaks') return response.end('fine');
    response.writeHead(200, { 'Content-Length': '100', 'Cache-Control': 'max-age=60' });
    response.write('half');
    return setTimeout(() => response.destroy(), 20);
  });
  await expect(ask(rig.port, { path: '/breaks' })).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  await vi.waitFor(() => expect(rig.records.at(-1)).toMatchObject({ how: 'broken' }), SOON);
  expect((await ask(rig.port, { path: '/fine' })).body).toBe('fine');
});

test('chunked answers and their trailers pass, and the copy has a length', async () => {
  const { origin, rig } = await stage((_, response) => {
    response.writeHead(200, { 'Cache-Control': 'max-age=60', Trailer: 'X-Sum' });
    response.write('one ');
    response.addTrailers({ 'X-Sum': '2' });
    response.end('two');
  });
  const full = await ask(rig.port);
  expect([full.body, full.trailers['x-sum']]).toEqual(['one two', '2']);
  await origin.kill();
  const copy = await ask(rig.port);
  expect([copy.body, copy.headers['content-length'], copy.headers['trailer']]).toEqual(['one two', '7', undefined]);
});

test('stale-while-revalidate and stale-if-error go before the fallbacks', async () => {
  const site = await startOrigin('site', (_, response) => response.end('static'));
  const { origin, rig } = await stage((request, response) => {
    const grant = request.url === '/granted' ? ', stale-if-error=60' : '';
    response.setHeader('Cache-Control', `max-age=1${grant}`).end('page');
  }, `fallbacks: [{ url: "http://127.0.0.1:${site.port}", timeout: 10s }]`);
  await ask(rig.port, { path: '/granted' });
  await ask(rig.port, { path: '/plain' });
  await origin.kill();
  await vi.waitFor(async () => expect((await ask(rig.port, { path: '/plain' })).body).toBe('static'), SOON);
  const granted = await ask(rig.port, { path: '/granted' });
  expect([granted.body, quality(granted)]).toEqual(['page', 'minimal']);
});

test('what must be revalidated is never served stale', async () => {
  const { origin, rig } = await stage((request, response) => {
    response.setHeader('Cache-Control', `max-age=1, ${request.url?.slice(1)}`).end('page');
  }, 'wait: 0s');
  const paths = ['/must-revalidate', '/proxy-revalidate', '/s-maxage=1'];
  for (const path of paths) await ask(rig.port, { path });
  await origin.kill();
  for (const path of paths) {
    await vi.waitFor(async () => expect((await ask(rig.port, { path })).status).toBe(503), SOON);
  }
});

test('a service without a ladder is as it was', async () => {
  const origin = await startOrigin('origin');
  onTestFinished(() => origin.kill());
  const rig = await startRig(yamlOf(origin.port, '').replace(/degraded: .*/, ''));
  const reply = await ask(rig.port);
  expect([quality(reply), status(reply), rig.records[0]?.quality]).toEqual([undefined, undefined, undefined]);
});
