import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { PEBBLE_PROGRAMS, type Pebble, startPebble, steadyPort } from '../support/pebble.ts';
import { type Run, run, temporaryFolder } from '../support/process.ts';
import { lacks } from '../support/programs.ts';
import { startRedis } from '../support/redis.ts';

/** Who is shown for a name, verified; rejects when the handshake fails. */
async function shown(port: number, servername: string, ca: string): Promise<PeerCertificate> {
  const socket = connect({ port, host: '127.0.0.1', servername, ca });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

type Edge = {
  readonly http: number;
  readonly https: number;
  readonly folder: string;
  readonly yaml: (pebble: Pick<Pebble, 'directory' | 'ca'>, acme?: string, more?: string) => string;
};

/** Where an edge is to be: known before it starts, since the authority is told. */
async function place(originPort: number): Promise<Edge> {
  const [http, https, folder] = [await steadyPort(), await steadyPort(), join(temporaryFolder().path, 'acme')];
  const yaml: Edge['yaml'] = ({ directory, ca }, acme = '', more = '') => `version: 1
edge:
  id: test
  region: aws/us-east-1
  workers: 2
  drain: 0s
  listeners:
    - { name: plain, listen: "127.0.0.1:${http}", redirect: https }
    - name: secure
      listen: "127.0.0.1:${https}"
      tls: { acme: { domains: [shop.example.com, api.example.com], email: ops@example.com, agree_to_terms: true, directory: "${directory}", directory_ca: "${ca}", folder: "${folder}"${acme} } }
admin: { listen: "127.0.0.1:0" }
${more}
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${originPort}" }] } }
`;
  return { http, https, folder, yaml };
}

function start(yaml: string): Run {
  return run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)]);
}

/** Everything that was kept, by its name. */
function kept(folder: string): Readonly<Record<string, string>> {
  const [authority = ''] = readdirSync(folder);
  const files = readdirSync(join(folder, authority)).map((name) => join(folder, authority, name));
  for (const file of files) expect(statSync(file).mode & 0o777, file).toBe(0o600);
  return Object.fromEntries(files.map((file) => [file.slice(file.lastIndexOf('/') + 1), readFileSync(file, 'utf8')]));
}

/** What `/status` and `/metrics` say of certificates that are there. */
async function shownToOperators(meridian: Run): Promise<void> {
  const [, admin] = await meridian.printed(/"admin":"(127\.0\.0\.1:\d+)"/);
  const asked = async (path: string) => (await fetch(`http://${admin}${path}`)).text();
  expect((JSON.parse(await asked('/status')) as { certificates: unknown[] }).certificates).toMatchObject(
    NAMES.map((name) => ({ name, state: 'obtained', failures: 0, endsAt: expect.any(String) as string })),
  );
  const metrics = await asked('/metrics');
  expect(metrics).toContain('meridian_acme_orders_total{result="obtained"} 2');
  expect(metrics).toMatch(/meridian_acme_renewal_timestamp_seconds\{name="shop\.example\.com"\} \d/);
  expect(metrics).toMatch(/meridian_certificate_not_after_seconds\{name="shop\.example\.com"\} \d/);
}

const NAMES = ['shop.example.com', 'api.example.com'];

describe.skipIf(lacks(...PEBBLE_PROGRAMS))('with an authority', { timeout: 120_000 }, () => {
  test.each(['http-01', 'tls-alpn-01'])(
    'certificates are obtained by %s and shown, and are kept over a restart',
    async (type) => {
      const origin = await startOrigin('x');
      const edge = await place(origin.port);
      const pebble = await startPebble({ httpPort: edge.http, tlsPort: edge.https });
      const yaml = edge.yaml(pebble, `, challenges: [${type}]`);
      const meridian = start(yaml);
      await meridian.printed(/"event":"started"/);
      const root = await pebble.root();
      const first = await vi.waitFor(() => Promise.all(NAMES.map((name) => shown(edge.https, name, root))), {
        timeout: 30_000,
        interval: 200,
      });
      expect(first.map(({ subjectaltname }) => subjectaltname)).toEqual(NAMES.map((name) => `DNS:${name}`));
      expect(Object.keys(kept(edge.folder)).toSorted()).toEqual([
        'account.json',
        'api.example.com.ecdsa.pem',
        'shop.example.com.ecdsa.pem',
      ]);
      await shownToOperators(meridian);
      meridian.child.kill('SIGKILL');
      await meridian.exit;
      // The authority is not needed for what is there.
      await pebble.kill();
      const again = start(yaml);
      await again.printed(/"event":"started"/);
      const second = await Promise.all(NAMES.map((name) => shown(edge.https, name, root)));
      expect(second.map(({ serialNumber }) => serialNumber)).toEqual(first.map(({ serialNumber }) => serialNumber));
    },
  );

  test('an edge whose authority is away serves, and obtains its certificates once it is there', async () => {
    const origin = await startOrigin('x');
    const edge = await place(origin.port);
    const pebble = await startPebble({ httpPort: edge.http, tlsPort: edge.https, later: true });
    const meridian = start(edge.yaml(pebble));
    await meridian.printed(/"event":"started"/);
    await meridian.printed(/"event":"acme-failed".*"trouble":"away".*ECONNREFUSED/);
    await expect(shown(edge.https, 'shop.example.com', '')).rejects.toThrow(/unrecognized name/);
    await pebble.restart();
    await meridian.printed(/"event":"acme-obtained"/);
    const root = await pebble.root();
    await vi.waitFor(() => shown(edge.https, 'shop.example.com', root), { timeout: 30_000, interval: 200 });
  });

  test('an authority that ends in the middle of an order is tried again, and that it forgot the account is no matter', async () => {
    const origin = await startOrigin('x');
    const edge = await place(origin.port);
    const env = { PEBBLE_VA_NOSLEEP: '0', PEBBLE_VA_SLEEPTIME: '8' };
    const pebble = await startPebble({ httpPort: edge.http, tlsPort: edge.https, env });
    const meridian = start(edge.yaml(pebble));
    await vi.waitFor(() => expect(pebble.output()).toMatch(/Created order|order/i), { timeout: 30_000, interval: 20 });
    await pebble.kill();
    await meridian.printed(/"event":"acme-failed".*"trouble":"away"/);
    await pebble.restart();
    await meridian.printed(/"event":"acme-obtained"/);
    const root = await pebble.root();
    await vi.waitFor(() => shown(edge.https, 'shop.example.com', root), { timeout: 60_000, interval: 200 });
  });

  test('an authority that refuses every other nonce, and wants to know its customer, is served all the same', async () => {
    const origin = await startOrigin('x');
    const edge = await place(origin.port);
    const secret = Buffer.alloc(32, 5).toString('base64url');
    const pebble = await startPebble({
      httpPort: edge.http,
      tlsPort: edge.https,
      env: { PEBBLE_WFE_NONCEREJECT: '50' },
      config: { externalAccountBindingRequired: true, externalAccountMACKeys: { 'kid-1': secret } },
    });
    const acme = `, key_type: rsa, external_account: { key_id: kid-1, secret: "${secret}" }`;
    const meridian = start(edge.yaml(pebble, acme));
    await meridian.printed(/"event":"acme-obtained"/);
    const root = await pebble.root();
    await vi.waitFor(() => shown(edge.https, 'shop.example.com', root), { timeout: 30_000, interval: 200 });
    expect(meridian.out()).not.toContain(secret);
  });

  test('an edge that is killed again and again ends up with an account and its certificates', async () => {
    const origin = await startOrigin('x');
    const edge = await place(origin.port);
    const pebble = await startPebble({ httpPort: edge.http, tlsPort: edge.https });
    const yaml = edge.yaml(pebble);
    const reached = [/serving/, /"event":"started"/, /"event":"acme-obtained"/];
    for (const [turn, ms] of [0, 100, 300].entries()) {
      const killed = start(yaml);
      await killed.printed(reached[turn] as RegExp);
      await new Promise((done) => setTimeout(done, ms));
      killed.child.kill('SIGKILL');
      await killed.exit;
    }
    const meridian = start(yaml);
    await meridian.printed(/"event":"started"/);
    const root = await pebble.root();
    const visits = () => Promise.all(NAMES.map((name) => shown(edge.https, name, root)));
    await vi.waitFor(visits, { timeout: 30_000, interval: 200 });
    expect(meridian.out()).not.toMatch(/acme-failed|certificate-refused|loop-failed/);
    // One account, whichever life has made it.
    expect(JSON.parse(kept(edge.folder)['account.json'] ?? '')).toMatchObject({
      url: expect.stringMatching(/^https:/) as string,
    });
  });

  test('a certificate is renewed in time, and no client notices', async () => {
    const origin = await startOrigin('x');
    const edge = await place(origin.port);
    const pebble = await startPebble({ httpPort: edge.http, tlsPort: edge.https, validitySeconds: 20 });
    start(edge.yaml(pebble));
    const root = await vi.waitFor(() => pebble.root(), { timeout: 30_000, interval: 200 });
    const visit = () => shown(edge.https, 'shop.example.com', root);
    const first = await vi.waitFor(visit, { timeout: 30_000, interval: 200 });
    // Visited all the while: a visit that is refused, or shown what has ended, fails the test.
    let [visits, serial] = [0, first.serialNumber];
    while (serial === first.serialNumber) {
      ({ serialNumber: serial } = await visit());
      visits += 1;
      await new Promise((done) => setTimeout(done, 50));
    }
    expect(visits).toBeGreaterThan(10);
  });

  test.skipIf(lacks('redis-server'))(
    'of two edges one orders, the other answers for it, and both show what came',
    async () => {
      const [origin, redis] = [await startOrigin('x'), await startRedis()];
      const [a, b] = [await place(origin.port), await place(origin.port)];
      // The authority only ever comes to a.
      const pebble = await startPebble({ httpPort: a.http, tlsPort: a.https, later: true });
      const fleet = `fleet: { store: redis, region: r, regions: { r: { url: "${redis.url}" } } }`;
      const shared = ', store: fleet, secret: "0123456789abcdef0123456789abcdef"';
      const yaml = (edge: Edge, id: string) => edge.yaml(pebble, shared, fleet).replace('id: test', `id: ${id}`);
      const first = start(yaml(a, 'a'));
      // It has met nobody often enough to wait for a while: the other one orders.
      await first.printed(/"event":"acme-failed".*"failures":3/);
      await pebble.restart();
      const second = start(yaml(b, 'b'));
      await second.printed(/"event":"acme-obtained".*"domain":"api.example.com"/);
      await second.printed(/"event":"acme-obtained".*"domain":"shop.example.com"/);
      const root = await pebble.root();
      for (const name of NAMES) {
        const both = await vi.waitFor(() => Promise.all([shown(a.https, name, root), shown(b.https, name, root)]), {
          timeout: 30_000,
          interval: 200,
        });
        expect(both[0].serialNumber).toBe(both[1].serialNumber);
      }
      expect(first.out()).not.toContain('"event":"acme-obtained"');
    },
  );
});
