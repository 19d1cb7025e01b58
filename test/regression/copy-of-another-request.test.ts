import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { type Answer, startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

/** A service with a ladder over one origin that a test can kill; loopback is a trusted proxy. */
async function stage(answer: Answer, ladder = 'wait: 0s') {
  const origin = await startOrigin('origin', answer);
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", trust_proxies: [loopback] }
services:
  shop:
    degraded: { ${ladder} }
    breakers: { failures: 200 }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }
`);
  return { origin, rig, get: (headers: Record<string, string> = {}, path = '/') => ask(rig.port, { path, headers }) };
}

const KEPT = { 'Cache-Control': 'max-age=60' };

test('the answer to a GET with a body is nobody else’s, and a copy is no answer to one', async () => {
  const { origin, rig, get } = await stage((_, response, body) =>
    response.writeHead(200, KEPT).end(`got ${body.toString()}`),
  );
  const withBody = () => ask(rig.port, { headers: { 'content-length': '4' }, body: 'evil' });
  expect((await withBody()).body).toBe('got evil');
  await origin.kill();
  expect((await get()).status).toBe(503);
  await origin.revive();
  expect((await get()).body).toBe('got ');
  await origin.kill();
  expect((await get()).body).toBe('got ');
  expect((await withBody()).status).toBe(502);
});

test.each(['X-Api-Key', 'Token', 'Session-Id', 'X-Hasura-Admin-Secret', 'X-Jwt-Assertion', 'X-Ssl-Client-Cert'])(
  'an answer to a request with %s is nobody else’s, with max-age or without a lifetime',
  async (name) => {
    const { origin, get } = await stage(
      (request, response) => response.writeHead(200, request.url === '/aged' ? KEPT : {}).end('for alice'),
      'wait: 0s, cache: { fresh_for: 60s }',
    );
    for (const path of ['/aged', '/silent']) expect((await get({ [name]: 'alice' }, path)).body).toBe('for alice');
    await origin.kill();
    for (const path of ['/aged', '/silent']) expect((await get({}, path)).status).toBe(503);
  },
);

test('a request that overrides its own line is answered by the endpoints alone', async () => {
  const { origin, get } = await stage((_, response) => response.writeHead(200, KEPT).end('page'));
  await get({ 'x-http-method-override': 'HEAD' });
  await get({}, '/b');
  await origin.kill();
  expect((await get()).status).toBe(503);
  expect((await get({ 'x-original-url': '/admin' }, '/b')).status).toBe(502);
});

test('a copy is kept under the Host that its origin saw, whatever a trusted proxy says', async () => {
  const { origin, get } = await stage((request, response) => response.writeHead(200, KEPT).end(request.headers.host));
  await get({ host: 'attacker.example', 'x-forwarded-host': 'victim.example' });
  await origin.kill();
  expect((await get({ host: 'victim.example' })).status).toBe(503);
  expect((await get({ host: 'attacker.example' })).status).toBe(503);
  const same = await get({ host: 'attacker.example', 'x-forwarded-host': 'victim.example' });
  expect(same.body).toBe('attacker.example');
});

test('a copy serves its Host, whatever a trusted proxy says of the request', async () => {
  const { origin, get } = await stage((request, response) => response.writeHead(200, KEPT).end(request.headers.host));
  await get({ host: 'shop.example' });
  await origin.kill();
  expect((await get({ host: 'shop.example', 'x-forwarded-host': 'other.example' })).body).toBe('shop.example');
  expect((await get({ host: 'other.example', 'x-forwarded-host': 'shop.example' })).status).toBe(503);
});

test('one scheme’s answer is not the other’s', async () => {
  const { origin, get } = await stage((request, response) =>
    response.writeHead(200, KEPT).end(String(request.headers['x-forwarded-proto'])),
  );
  await get({ 'x-forwarded-proto': 'https' });
  await origin.kill();
  expect((await get({ 'x-forwarded-proto': 'https' })).body).toBe('https');
  expect((await get()).status).toBe(503);
});

test('Vary goes by what the origin saw, not by what was sent here', async () => {
  const { origin, get } = await stage((request, response) =>
    response.writeHead(200, { ...KEPT, Vary: 'Accept-Language' }).end(String(request.headers['accept-language'])),
  );
  await get({ connection: 'close, accept-language', 'accept-language': 'de' });
  await origin.kill();
  expect((await get({ 'accept-language': 'de' })).status).toBe(503);
  expect((await get()).body).toBe('undefined');
});

test('an answer in a coding is not for those who did not ask for it', async () => {
  const { origin, get } = await stage((_, response) =>
    response.writeHead(200, { ...KEPT, 'Content-Encoding': 'gzip' }).end('zip'),
  );
  await get({ 'accept-encoding': 'gzip' });
  await origin.kill();
  expect((await get()).status).toBe(503);
  expect((await get({ 'accept-encoding': 'gzip' })).body).toBe('zip');
});

test('an error that one request brought about is not kept for all', async () => {
  const { origin, get } = await stage((request, response) => {
    const status = request.headers.range !== undefined ? 416 : request.headers['x-odd'] !== undefined ? 400 : 200;
    response.writeHead(status, KEPT).end('page');
  });
  expect((await get({ range: 'bytes=999-' })).status).toBe(416);
  expect((await get({ 'x-odd': 'yes' }, '/odd')).status).toBe(400);
  await origin.kill();
  expect([(await get()).status, (await get({}, '/odd')).status]).toEqual([503, 503]);
});

test('an answer that says nothing is kept only where the file says so', async () => {
  const silent: Answer = (_, response) => response.end('mine');
  const without = await stage(silent);
  expect((await without.get()).headers['cache-status']).toBe('meridian; fwd=uri-miss');
  await without.origin.kill();
  expect((await without.get()).status).toBe(503);
  const asked = await stage(silent, 'wait: 0s, cache: { fresh_for: 60s, credential_fields: [X-Mine] }');
  await asked.get({ 'x-mine': 'secret' }, '/secret');
  await asked.get({ 'x-other': 'x' });
  await asked.origin.kill();
  expect([(await asked.get({}, '/secret')).status, (await asked.get()).status]).toEqual([503, 200]);
});

test('an answer that was asked for before a change is not kept after it', async () => {
  let release = () => {};
  const { origin, rig, get } = await stage((request, response) => {
    if (request.method === 'PUT') response.end();
    else release = () => void response.writeHead(200, KEPT).end('old');
  }, 'primary_timeout: 1m');
  const early = get();
  await expect.poll(() => origin.seen.length).toBe(1);
  await ask(rig.port, { method: 'PUT', body: 'new' });
  release();
  expect((await early).body).toBe('old');
  await origin.kill();
  expect((await get()).status).toBe(503);
});

test('a change drops what its Location and Content-Location name too', async () => {
  const { origin, rig, get } = await stage((request, response) => {
    if (request.method !== 'POST') return response.writeHead(200, KEPT).end('page');
    return response.writeHead(201, { Location: '/list/7', 'Content-Location': '/list' }).end();
  });
  for (const path of ['/list', '/list/7', '/other']) await get({}, path);
  await ask(rig.port, { method: 'POST', path: '/add', body: 'x' });
  await origin.kill();
  const replies = await Promise.all(['/list', '/list/7', '/other'].map((path) => get({}, path)));
  expect(replies.map(({ status }) => status)).toEqual([503, 503, 200]);
});

test('a copy of a 204 has no length', async () => {
  const { origin, get } = await stage((_, response) => response.writeHead(204, KEPT).end());
  await get();
  await origin.kill();
  const { status, headers } = await get();
  expect([status, headers['content-length']]).toEqual([204, undefined]);
});
