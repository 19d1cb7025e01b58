import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadTopology } from '../../src/config/load.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { PEBBLE_PROGRAMS, startPebble, steadyPort } from '../support/pebble.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { lacks } from '../support/programs.ts';
import { type Running, running } from '../support/running.ts';

// Every recipe has one whole file, which is valid as it stands, and runs: with its own settings, but for addresses that only exist there.

const folder = fileURLToPath(new URL('../../docs/recipes', import.meta.url));
const recipes = readdirSync(folder).sort();
const filesOf = (recipe: string) =>
  [...readFileSync(`${folder}/${recipe}`, 'utf8').matchAll(/^```yaml\n# meridian\.yaml\n([^]*?)^```/gm)].map(
    ([, yaml = '']) => yaml,
  );

test('the recipes that are promised are there', () => {
  expect(recipes).toEqual([
    'active-standby.md',
    'autoscaled-group.md',
    'behind-a-cdn.md',
    'canary-by-header.md',
    'canary.md',
    'certificates-from-an-authority.md',
    'edges-near-clients.md',
    'fence-for-europe.md',
    'kill-switch.md',
    'kubernetes.md',
    'maintenance-of-a-region.md',
    'managed-backends.md',
    'one-edge-for-the-world.md',
    'one-name.md',
    'own-data-centre.md',
    'shared-backends.md',
    'sticky-sessions.md',
    'systemd.md',
    'waterfall.md',
  ]);
});

type File = {
  edge: Record<string, unknown>;
  admin: Record<string, unknown>;
  fleet?: unknown;
  backends?: Record<string, { endpoints: Record<string, unknown>[] }>;
  services: Record<string, { match: { hosts: [string] }; endpoints?: Record<string, unknown>[] }>;
};

/** A recipe's file with its own settings, but for addresses that only exist there. */
async function runningRecipe(recipe: string): Promise<{ file: File } & Pick<Running, 'edge' | 'admin'>> {
  const { port } = await startOrigin('hello', (_, response) => response.end('hello'));
  const file = parse(filesOf(recipe)[0] as string) as File;
  Object.assign(file.edge, { id: 'test', listen: '127.0.0.1:0', workers: 1, lame_duck: '0s', drain: '0s' });
  Object.assign(file.admin, { listen: '127.0.0.1:0', token: 'x' });
  if (file.edge['trust_proxies'] !== undefined) file.edge['trust_proxies'] = ['loopback'];
  // Its stores are not here; what a fleet does is tested with stores.
  delete file.fleet;
  for (const { endpoints } of [...Object.values(file.services), ...Object.values(file.backends ?? {})]) {
    // Two of one region would be the same endpoint.
    for (const [i, endpoint] of (endpoints ?? []).entries()) {
      const named = endpoint['expand'] !== undefined;
      endpoint['url'] = `http://${named ? 'localhost' : '127.0.0.1'}:${port}/${i}`;
      if (named) endpoint['resolve'] = 'system';
    }
  }
  const { edge, admin } = await running(stringify({ ...file, log: { level: 'silent' } }));
  return { file, edge, admin };
}

test('one name: every other one leads to it, with path and query, and http to https', async () => {
  const { edge } = await runningRecipe('one-name.md');
  const location = async (host: string, proto: string) =>
    (await ask(edge.port, { path: '/a%2Fb?c', headers: { host, 'x-forwarded-proto': proto } })).headers['location'];
  expect([
    await location('example.com', 'http'),
    await location('www.example.com', 'https'),
    await location('shop.example.com', 'http'),
    await location('example.com', 'https'),
  ]).toEqual([
    'https://example.com/a%2Fb?c',
    'https://example.com/a%2Fb?c',
    'https://example.com/shop/a%2Fb?c',
    undefined,
  ]);
});

test('the canary is for those who ask for it', async () => {
  const { edge } = await runningRecipe('canary-by-header.md');
  const served = async (path: string, more: Record<string, string> = {}) =>
    (await ask(edge.port, { path, headers: { host: 'shop.example.com', ...more } })).headers['x-served-by'];
  expect([await served('/', { 'x-canary': '1' }), await served('/?a&canary=1'), await served('/?canary=2')]).toEqual([
    'canary',
    'canary',
    undefined,
  ]);
});

test('the beta is for those who ask for it, while its flag is on', async () => {
  const { edge, admin } = await runningRecipe('kill-switch.md');
  const served = async (more: Record<string, string> = {}) =>
    (await ask(edge.port, { headers: { host: 'shop.example.com', ...more } })).headers['x-served-by'];
  const put = async (body: string) => {
    const headers = { authorization: 'Bearer x' };
    return (await ask(admin.port, { method: 'PUT', path: '/fleet/values/flags/beta-on?actor=ana', headers, body }))
      .status;
  };
  expect(await served({ 'x-beta': '1' })).toBeUndefined();
  expect(await put('true')).toBe(200);
  expect([await served({ 'x-beta': '1' }), await served()]).toEqual(['beta', undefined]);
  expect(await put('false')).toBe(200);
  expect(await served({ 'x-beta': '1' })).toBeUndefined();
});

const ACME = 'certificates-from-an-authority.md';

test.skipIf(lacks(...PEBBLE_PROGRAMS))(
  'an authority gives both names their certificates, and clients are answered by https',
  { timeout: 120_000 },
  async () => {
    const { port } = await startOrigin('hello', (_, response) => response.end('hello'));
    const [http, https] = [await steadyPort(), await steadyPort()];
    const pebble = await startPebble({ httpPort: http, tlsPort: https });
    const file = parse(filesOf(ACME)[0] as string) as AcmeFile;
    const [plain, secure] = file.edge.listeners;
    plain.listen = `127.0.0.1:${http}`;
    secure.listen = `127.0.0.1:${https}`;
    const { domains } = secure.tls.acme;
    const folder = `${temporaryFolder().path}/acme`;
    Object.assign(secure.tls.acme, { folder, directory: pebble.directory, directory_ca: pebble.ca });
    Object.assign(file.admin, { listen: '127.0.0.1:0', token: 'x' });
    for (const endpoint of file.services['shop']?.endpoints ?? []) endpoint['url'] = `http://127.0.0.1:${port}`;
    const edge = { ...file.edge, workers: 1, drain: '0s', lame_duck: '0s' };
    const meridian = run(['start', '-c', temporaryFolder().write('meridian.yaml', stringify({ ...file, edge }))]);
    await meridian.printed(/"event":"started"/);
    const ca = await pebble.root();
    expect(domains).toHaveLength(2);
    for (const host of domains) {
      await vi.waitFor(async () => expect(await bodyOverTls(https, host, ca)).toBe('hello'), {
        timeout: 60_000,
        interval: 250,
      });
      expect((await ask(http, { headers: { host } })).headers['location']).toBe(`https://${host}/`);
    }
  },
);

type AcmeFile = {
  edge: { listeners: [{ listen: string }, { listen: string; tls: { acme: { domains: readonly string[] } } }] };
} & Omit<File, 'edge'>;

/** What a client reads who verifies whom it talks to. */
async function bodyOverTls(port: number, host: string, ca: string): Promise<string> {
  const options = { port, host: '127.0.0.1', servername: host, ca, headers: { host }, agent: false };
  const [answer] = (await once(get(options), 'response')) as [IncomingMessage];
  let body = '';
  for await (const piece of answer.setEncoding('utf8')) body += piece;
  return body;
}

test('the group is expanded, for both services that share it', async () => {
  const { edge, admin } = await runningRecipe('autoscaled-group.md');
  const ids = async () => {
    const { body } = await ask(admin.port, { path: '/status', headers: { authorization: 'Bearer x' } });
    return (JSON.parse(body) as { endpoints: { id: string }[] }).endpoints.map(({ id }) => id);
  };
  await vi.waitFor(
    async () => expect(await ids()).toContainEqual(expect.stringMatching(/^group\/.*#127\.0\.0\.1$/)),
    5000,
  );
  for (const host of ['shop.example.com', 'jobs.example.com'])
    expect(await ask(edge.port, { headers: { host } })).toMatchObject({ status: 200, body: 'hello' });
});

describe.each(recipes)('%s', (recipe) => {
  test('has one file, which is valid as it stands', async () => {
    const files = filesOf(recipe);
    expect(files).toHaveLength(1);
    const parsed = await loadTopology(temporaryFolder().write('meridian.yaml', files[0] as string), {});
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
  });

  test.skipIf(recipe === ACME)('and runs: clients are answered, and whoever checks the edge is', async () => {
    const { file, edge } = await runningRecipe(recipe);
    const [host = ''] = file.services['shop']?.match.hosts ?? [];
    // Where a proxy is trusted it has ended TLS; nobody else is heard.
    await vi.waitFor(async () => {
      const headers = { host, 'x-forwarded-proto': 'https' };
      expect(await ask(edge.port, { headers })).toMatchObject({ status: 200, body: 'hello' });
    });
    const path = file.edge['health_path'];
    if (typeof path === 'string') expect((await ask(edge.port, { path })).status).toBe(200);
  });
});
