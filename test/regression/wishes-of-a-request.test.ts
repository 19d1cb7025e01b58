import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { type Answer, startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

async function stage(answer: Answer, ladder = 'primary_timeout: 30ms, wait: 200ms') {
  const origin = await startOrigin('origin', answer);
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
    degraded: { ${ladder} }
    breakers: { failures: 200 }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }
`);
  const get = (control?: string, method = 'GET') =>
    ask(rig.port, { method, headers: control === undefined ? {} : { 'cache-control': control } });
  return { origin, rig, get };
}

const page: Answer = (_, response) => response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('page');

test('only-if-cached is answered by a copy or by 504, and asks nobody', async () => {
  const { origin, rig, get } = await stage(page);
  const none = await get('only-if-cached');
  expect([none.status, none.headers['cache-control'], none.headers['retry-after']]).toEqual([
    504,
    'no-store',
    undefined,
  ]);
  expect([(await get('only-if-cached', 'HEAD')).status, origin.seen.length]).toEqual([504, 0]);
  await get();
  const copy = await get('only-if-cached');
  expect([copy.status, copy.body, copy.headers['service-quality']]).toEqual([200, 'page', 'degraded']);
  expect((await get('only-if-cached, min-fresh=3600')).status).toBe(504);
  expect(origin.seen.length).toBe(1);
  // That there was no copy is what the client asked for, and no failure of the service.
  const [errors, sum] = [rig.block.requestsError, (cells: Iterable<number>) => [...cells].reduce((a, b) => a + b, 0)];
  expect(sum(errors)).toBe(0);
  await origin.kill();
  expect((await get('only-if-cached')).status).toBe(200);
});

test('only-if-cached is about reading: a POST goes where it goes', async () => {
  const { get } = await stage(page);
  expect((await get('only-if-cached', 'POST')).body).toBe('page');
});

test.each(['no-cache', 'no-store', 'max-age=0', 'min-fresh=3600'])(
  'a late origin is waited for by who asks with %s, though there is a copy',
  async (control) => {
    let requests = 0;
    const { get } = await stage((_, response) => {
      requests += 1;
      const answer = () => response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end(`v${requests}`);
      if (requests === 1) answer();
      else setTimeout(answer, 80);
    }, 'primary_timeout: 30ms, wait: 10s');
    await get();
    expect((await get()).body).toBe('v1');
    expect((await get(control)).body).toMatch(/^v[2-9]$/);
  },
);

test.each(['no-cache', 'max-age=0', 'min-fresh=3600'])(
  'with nothing else left, a copy goes before a 503 (%s)',
  async (control) => {
    const { origin, get } = await stage(page);
    await get();
    origin.hang = true;
    expect([(await get(control)).body, (await get(control)).status]).toEqual(['page', 200]);
    await origin.kill();
    expect((await get(control)).body).toBe('page');
  },
);

test('a fallback goes before a copy that is not wanted', async () => {
  const site = await startOrigin('site', (_, response) => response.end('static'));
  const { origin, get } = await stage(page, `fallbacks: [{ url: "http://127.0.0.1:${site.port}" }]`);
  await get();
  await origin.kill();
  expect([(await get()).body, (await get('no-cache')).body]).toEqual(['page', 'static']);
});
