import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { startBareRig } from '../support/bare-rig.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryFolder } from '../support/process.ts';
import { startRig } from '../support/rig.ts';

async function stage(path: string) {
  const origin = await startOrigin('origin', (_, response) =>
    response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('page'),
  );
  const yaml = `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
    degraded: { wait: 0s, cache: { store: sqlite, path: "${path}" } }
    breakers: { failures: 200 }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }]
`;
  return { origin, yaml };
}

test('a store that cannot be opened stores nothing, says so, and is there when its folder is', async () => {
  const folder = join(temporaryFolder().path, 'later');
  const { origin, yaml } = await stage(join(folder, 'x.sqlite'));
  const rig = await startRig(yaml);
  const status = async () => (await ask(rig.port)).headers['cache-status'];
  expect([await status(), await status()]).toEqual(['meridian; fwd=uri-miss', 'meridian; fwd=uri-miss']);
  expect(rig.events.filter(({ type }) => type === 'cache-failed')).toHaveLength(1);
  mkdirSync(folder);
  await expect.poll(status, { timeout: 10_000 }).toMatch(/stored$/);
  await origin.kill();
  expect((await ask(rig.port)).body).toBe('page');
});

test('copies that were made by a clock that was ahead are stale once it is right', async () => {
  const path = join(temporaryFolder().path, 'x.sqlite');
  const { origin, yaml } = await stage(path);
  const before = await startBareRig(yaml);
  await ask(before.port, { headers: { host: 'shop.example' } });
  await before.stop();
  const db = new DatabaseSync(path);
  const DAY_MS = 86_400_000;
  db.exec(
    `UPDATE copies_v2 SET born = born + ${DAY_MS}, stale_at = stale_at + ${DAY_MS}, kept_until = kept_until + ${DAY_MS}`,
  );
  db.close();
  await origin.kill();
  const after = await startRig(yaml);
  const reply = await ask(after.port, { headers: { host: 'shop.example' } });
  expect([reply.body, reply.headers['service-quality']]).toEqual(['page', 'minimal']);
  expect(reply.headers['cache-status']).toMatch(/^meridian; fwd=stale; ttl=(0|-\d+)$/);
});
