import { expect, test } from 'vitest';
import { askH2, h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';

/** What services decide is the same over HTTP/2, whoever moves the bytes: the front itself, or the general engine behind it. */
const ENGINES = ['accelerator: on,', 'accelerator: off,'];

async function origins(count: number) {
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      startOrigin(`o${i}`, (_request, response) => {
        response.writeHead(200, { Server: 'secret', Location: `http://127.0.0.1:${i}/x` });
        response.end(`o${i}`);
      }),
    ),
  );
}

test.each(ENGINES)('a client is kept by its cookie, %s', async (edge) => {
  const all = await origins(3);
  const sticky =
    '    sticky: { by: cookie, secrets: ["0123456789abcdef0123456789abcdef"] }\n    routing: { select: weighted }';
  const rig = await startH2Rig(
    h2Yaml(
      all.map(({ port }) => port),
      sticky,
      edge,
    ),
  );
  const session = rig.connect();
  const first = await askH2(session);
  const [cookie = ''] = first.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/; Path=\/;.*HttpOnly/);
  for (let i = 0; i < 10; i += 1) {
    const again = await askH2(session, { cookie: cookie.slice(0, cookie.indexOf(';')) });
    expect(again.body).toBe(first.body);
    expect(again.headers['set-cookie']).toBeUndefined();
  }
});

test.each(ENGINES)('rules change requests and answers, %s', async (edge) => {
  const [one] = await origins(1);
  const rules = `    headers: { request: { set: { X-Edge: "\${request.id}" } }, response: { set: { X-Frame-Options: DENY }, remove: [Server] } }
    path: { strip_prefix: /shop }`;
  const rig = await startH2Rig(h2Yaml([one!.port], rules, edge));
  const answer = await askH2(rig.connect(), { ':path': '/shop/a?b' });
  expect(answer.headers).toMatchObject({ 'x-frame-options': 'DENY' });
  expect(answer.headers['server']).toBeUndefined();
  const [seen] = one!.seen;
  expect(seen!.url).toBe('/a?b');
  expect(seen!.rawHeaders[seen!.rawHeaders.indexOf('X-Edge') + 1]).toBe(answer.headers['x-request-id']);
});

test.each(ENGINES)('of two services the one whose rule asks for more is found, %s', async (edge) => {
  const all = await origins(2);
  const rig = await startH2Rig(
    `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", ${edge} }
services:
  all:
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${all[0]!.port}" }]
  beta:
    match: { headers: { x-beta: { exact: "on" } } }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${all[1]!.port}" }]
`,
  );
  const session = rig.connect();
  expect((await askH2(session)).body).toBe('o0');
  expect((await askH2(session, { 'x-beta': 'on' })).body).toBe('o1');
});

test.each(ENGINES)('a fence is closed, %s', async (edge) => {
  const all = await origins(2);
  const fence = '    fence: { when: { cidrs: [127.0.0.0/8] }, only: { clouds: [gcp] }, otherwise: 451 }';
  const rig = await startH2Rig(h2Yaml([all[0]!.port, all[1]!.port], fence, edge));
  const session = rig.connect();
  expect((await askH2(session)).body).toBe('o1');
  rig.table.live.drained[rig.row('gcp')] = 1;
  expect((await askH2(session)).status).toBe(451);
  expect(all[0]!.seen).toHaveLength(0);
});
