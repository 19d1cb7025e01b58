import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

/** A dead endpoint and two living fallbacks, of which the first refuses. */
async function stage(edge: string, more = '') {
  const refusing = await startOrigin('refusing', (_, response) => response.writeHead(404).end());
  const site = await startOrigin('site', (_, response) => response.end('static'));
  const dead = await startOrigin('dead');
  await dead.kill();
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", ${edge} }
services:
  shop:
    degraded:
      fallbacks:
        - { url: "http://127.0.0.1:${refusing.port}" }
        - { url: "http://127.0.0.1:${site.port}"${more} }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${dead.port}" }
`);
  return { rig, ports: [refusing.port, site.port, dead.port] };
}

test.each([
  ['decision_headers: never', '', 'meridian-test; error=connection_refused'],
  ['decision_headers: always', '', 'meridian-test; error=connection_refused; next-hop="fallback-2"'],
  ['decision_headers: trusted', ', name: my-site', 'meridian-test; error=connection_refused; next-hop="my-site"'],
])('a fallback is called by its name, if at all (%s%s)', async (edge, more, expected) => {
  const { rig } = await stage(edge, more);
  const reply = await ask(rig.port);
  expect([reply.body, reply.headers['proxy-status']]).toEqual(['static', expected]);
});

test.each(['on', 'off'])(
  'whatever is asked, no address is in an answer to a stranger (accelerator: %s)',
  async (accelerator) => {
    const { rig, ports } = await stage(`decision_headers: always, accelerator: ${accelerator}`);
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'x',
      'sec-websocket-version': '13',
    };
    const replies = await Promise.all([
      ask(rig.port),
      ask(rig.port, { method: 'POST', body: 'x' }),
      ask(rig.port, { headers: { 'cache-control': 'only-if-cached' } }),
      ask(rig.port, { headers: upgrade }),
    ]);
    for (const { rawHeaders, body } of replies) {
      for (const port of ports) expect(`${rawHeaders.join('\n')}\n${body}`).not.toContain(`:${port}`);
    }
  },
);

test('with decision_headers: always, strangers get names where trusted proxies get addresses', async () => {
  const origin = await startOrigin('ok');
  const yaml = (trust: string) => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", decision_headers: always, trust_proxies: [${trust}] }
services:
  shop:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }
`;
  const [stranger, proxy] = [await startRig(yaml('')), await startRig(yaml('loopback'))];
  expect((await ask(stranger.port)).headers['x-meridian-decision']).toMatch(/^endpoint="shop\/aws\/us-east-1"; /);
  expect((await ask(proxy.port)).headers['x-meridian-decision']).toContain(`/127.0.0.1:${origin.port}"`);
});
