import { expect, test } from 'vitest';
import type { Rig } from '../support/bare-rig.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';
import { topologyOf } from '../support/topology.ts';

const yamlOf = (port: number, ladder: string) => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
    ${ladder === '' ? '' : `degraded: { ${ladder} }`}
    breakers: { failures: 200 }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }
`;

function reload(rig: Rig, yaml: string): void {
  rig.edge.deploy({
    topology: topologyOf(yaml),
    placement: rig.placement,
    addresses: {},
    authorities: {},
    clientPairs: {},
    listenerPem: {},
    ticketKeys: undefined,
  });
}

const CHANGES = {
  'a time': (site: number) => `primary_timeout: 21ms, fallbacks: [{ url: "http://127.0.0.1:${site}" }]`,
  'its fallback': () => 'primary_timeout: 20ms',
  'its cache': (site: number) =>
    `primary_timeout: 20ms, cache: { entries: 7 }, fallbacks: [{ url: "http://127.0.0.1:${site}" }]`,
  'all of it': () => '',
} as const;

test.each(Object.entries(CHANGES))('a fallback’s answer outlives a reload that changes %s', async (_, change) => {
  const ends: (() => void)[] = [];
  const site = await startOrigin('site', (_request, response) => {
    response.writeHead(200, { 'Content-Length': '8' });
    response.write('half');
    ends.push(() => response.end('half'));
  });
  const dead = await startOrigin('dead');
  await dead.kill();
  const before = `primary_timeout: 20ms, fallbacks: [{ url: "http://127.0.0.1:${site.port}", timeout: 5s }]`;
  const rig = await startRig(yamlOf(dead.port, before));
  const reply = ask(rig.port);
  await expect.poll(() => ends.length).toBe(1);
  reload(rig, yamlOf(dead.port, change(site.port)));
  ends[0]?.();
  expect(await reply).toMatchObject({ status: 200, body: 'halfhalf' });
});

test('a request that began before the reload still has the fallbacks that it began with', async () => {
  const site = await startOrigin('site', (_, response) => response.end('static'));
  const late = await startOrigin('late', () => {});
  const before = `primary_timeout: 300ms, fallbacks: [{ url: "http://127.0.0.1:${site.port}", timeout: 5s }]`;
  const rig = await startRig(yamlOf(late.port, before));
  const reply = ask(rig.port);
  await expect.poll(() => late.seen.length).toBe(1);
  reload(rig, yamlOf(late.port, 'primary_timeout: 20ms'));
  expect(await reply).toMatchObject({ status: 200, body: 'static' });
});

test('an answer that was on its way when the block changed is kept for the new ladder', async () => {
  let answer = () => {};
  const origin = await startOrigin('origin', (_, response) => {
    answer = () => void response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('page');
  });
  const rig = await startRig(yamlOf(origin.port, 'primary_timeout: 1m'));
  const reply = ask(rig.port);
  await expect.poll(() => origin.seen.length).toBe(1);
  reload(rig, yamlOf(origin.port, 'primary_timeout: 20ms, wait: 0s'));
  answer();
  expect((await reply).body).toBe('page');
  await origin.kill();
  expect((await ask(rig.port)).body).toBe('page');
});
