import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';

const SERVING = /serving \S+:(\d+) .*admin on \S+:(\d+),/;

/** Two edge threads over one SQLite file, with one copy in it, and another connection that can lock the file. */
async function stage() {
  const origin = await startOrigin('a', (request, response) => {
    response.writeHead(200, { 'Cache-Control': 'max-age=600' }).end(request.method);
  });
  const folder = temporaryFolder();
  const path = join(folder.path, 'copies.sqlite');
  const file = folder.write(
    'meridian.yaml',
    `version: 1
edge: { region: aws/us-east-1, listen: "127.0.0.1:0", workers: 2 }
admin: { listen: "127.0.0.1:0" }
log: { access: false }
services:
  shop:
    degraded: { wait: 0s, cache: { store: sqlite, path: "${path}" } }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }]
`,
  );
  const [, port, adminPort] = await run(['start', '-c', file]).printed(SERVING);
  const get = () => ask(Number(port), { headers: { host: 'shop.example' }, path: '/a' });
  expect((await get()).status).toBe(200);
  const db = new DatabaseSync(path);
  onTestFinished(() => db.close());
  const copies = () => db.prepare('SELECT COUNT(*) AS n FROM copies_v2').get()?.['n'];
  await expect.poll(copies).toBe(1);
  const purge = async () => {
    const body = JSON.stringify({ service: 'shop', all: true });
    const reply = await ask(Number(adminPort), { method: 'POST', path: '/cache/purge', body });
    return { status: reply.status, said: JSON.parse(reply.body) as Record<string, unknown> };
  };
  return {
    origin,
    get,
    put: () => ask(Number(port), { method: 'PUT', headers: { host: 'shop.example' }, path: '/a' }),
    db,
    copies,
    purge,
  };
}

test('a purge that a locked file holds up succeeds when the lock goes in time', async () => {
  const { db, copies, purge } = await stage();
  db.exec('BEGIN IMMEDIATE');
  const purged = purge();
  setTimeout(() => db.exec('COMMIT'), 300);
  expect(await purged).toMatchObject({ status: 200, said: { ok: true, threads: 2 } });
  expect(copies()).toBe(0);
});

test('a purge that cannot be carried out says so, and its copies are not served all the same', {
  timeout: 30_000,
}, async () => {
  const { origin, get, db, copies, purge } = await stage();
  db.exec('BEGIN IMMEDIATE');
  const { status, said } = await purge();
  expect([status, said['ok'], said['threads']]).toEqual([503, false, 0]);
  const failed = said['failed'] as readonly { thread: number; error: string }[];
  expect(failed.map(({ thread, error }) => [thread, error.includes('locked')])).toEqual([
    [0, true],
    [1, true],
  ]);
  await origin.kill();
  expect(new Set((await Promise.all(Array.from({ length: 20 }, get))).map((one) => one.status))).toEqual(
    new Set([503]),
  );
  db.exec('COMMIT');
  // Nobody has to ask again.
  await expect.poll(copies, { timeout: 10_000 }).toBe(0);
});

test('a change drops its copy from a locked file as soon as it can', async () => {
  const { db, copies, put } = await stage();
  db.exec('BEGIN IMMEDIATE');
  expect((await put()).status).toBe(200);
  db.exec('COMMIT');
  await expect.poll(copies, { timeout: 10_000 }).toBe(0);
});
