import { isIP } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, openDns, TTL_UNKNOWN_MS } from '../../../src/discovery/dns.ts';
import { DnsServer } from '../../support/dns-server.ts';

let server: DnsServer;
let dns: ReturnType<typeof openDns>;

beforeEach(async () => {
  server = await DnsServer.start();
  dns = openDns({ servers: [server.address], timeoutMs: 150, tries: 1 });
});

afterEach(async () => {
  dns.close();
  await server.stop();
});

const a = (address: string, ttl = 60) => ({ type: 'A', address, ttl }) as const;
const aaaa = (address: string, ttl = 60) => ({ type: 'AAAA', address, ttl }) as const;
const srv = (priority: number, weight: number, target: string, port: number) =>
  ({ type: 'SRV', priority, weight, target, port, ttl: 60 }) as const;

const all = ({ parts }: Answer) => parts.flatMap(({ addresses }) => addresses);
const hosts = (answer: Answer): string[] => all(answer).map(({ host }) => host);
const failed = ({ parts }: Answer) => parts.filter(({ error }) => error !== undefined);

test('A and AAAA: sorted, IPv4 first, with the lowest TTL', async () => {
  server.zone.set('A shop.test', [a('203.0.113.2', 90), a('203.0.113.1', 40)]);
  server.zone.set('AAAA shop.test', [aaaa('2001:db8::1', 70)]);
  const answer = await dns.ask({ host: 'shop.test', resolve: 'dns' });
  expect(hosts(answer)).toEqual(['203.0.113.1', '203.0.113.2', '2001:db8::1']);
  expect(answer.ttlMs).toBe(40_000);
  expect(answer.parts.map(({ name }) => name)).toEqual(['A', 'AAAA']);
  expect(failed(answer)).toEqual([]);
});

test('a name with only one family is whole', async () => {
  server.zone.set('AAAA six.test', [aaaa('fd00::6', 5)]);
  expect(await dns.ask({ host: 'six.test', resolve: 'dns' })).toEqual({
    parts: [
      { name: 'A', addresses: [] },
      { name: 'AAAA', addresses: [{ host: 'fd00::6', port: undefined }] },
    ],
    ttlMs: 5000,
  });
});

test.each([
  ['SERVFAIL', 'ESERVFAIL'],
  ['silence', 'ETIMEOUT'],
] as const)('AAAA with A answered by %s is only part of an answer', async (reply, error) => {
  server.zone.set('A half.test', reply);
  server.zone.set('AAAA half.test', [aaaa('fd00::6')]);
  const answer = await dns.ask({ host: 'half.test', resolve: 'dns' });
  expect(hosts(answer)).toEqual(['fd00::6']);
  expect(failed(answer)).toEqual([{ name: 'A', addresses: [], error }]);
});

test.each([
  ['NXDOMAIN', 'ENOTFOUND'],
  ['SERVFAIL', 'ESERVFAIL'],
  ['REFUSED', 'EREFUSED'],
  ['silence', 'ETIMEOUT'],
] as const)('%s is reported as %s', async (reply, code) => {
  server.zone.set('A gone.test', reply);
  server.zone.set('AAAA gone.test', reply);
  await expect(dns.ask({ host: 'gone.test', resolve: 'dns' })).rejects.toMatchObject({ code });
});

test('a name without addresses is ENODATA', async () => {
  server.zone.set('SRV empty.test', []);
  await expect(dns.ask({ host: 'empty.test', resolve: 'dns' })).rejects.toMatchObject({ code: 'ENODATA' });
});

test('SRV: by priority, then weight; each target with its own port; TTL bounded by what is not known', async () => {
  server.zone.set('SRV _http._tcp.shop.test', [
    srv(20, 5, 'c.test', 83),
    srv(10, 1, 'b.test', 82),
    srv(10, 9, 'a.test', 81),
  ]);
  server.zone.set('A a.test', [a('10.0.0.1', 300)]);
  server.zone.set('A b.test', [a('10.0.0.2', 300)]);
  server.zone.set('A c.test', [a('10.0.0.3', 300)]);
  const answer = await dns.ask({ host: '_http._tcp.shop.test', resolve: 'srv' });
  expect(all(answer)).toEqual([
    { host: '10.0.0.1', port: 81 },
    { host: '10.0.0.2', port: 82 },
    { host: '10.0.0.3', port: 83 },
  ]);
  expect(answer.ttlMs).toBe(TTL_UNKNOWN_MS);
  expect(failed(answer)).toEqual([]);
});

test('SRV: a target that cannot be resolved leaves the others, and the answer a part', async () => {
  server.zone.set('SRV _http._tcp.shop.test', [srv(1, 1, 'a.test', 81), srv(2, 1, 'nowhere.test', 82)]);
  server.zone.set('A a.test', [a('10.0.0.1', 7)]);
  const answer = await dns.ask({ host: '_http._tcp.shop.test', resolve: 'srv' });
  expect(all(answer)).toEqual([{ host: '10.0.0.1', port: 81 }]);
  expect(answer.ttlMs).toBe(7000);
  expect(failed(answer)).toEqual([{ name: 'nowhere.test:82', addresses: [], error: 'ENOTFOUND' }]);
});

test('SRV: the target "." says that there is no such service', async () => {
  server.zone.set('SRV _http._tcp.shop.test', [srv(0, 0, '.', 0)]);
  await expect(dns.ask({ host: '_http._tcp.shop.test', resolve: 'srv' })).rejects.toMatchObject({ code: 'ENODATA' });
});

test('system: the hosts file, without asking the name server', async () => {
  const answer = await dns.ask({ host: 'localhost', resolve: 'system' });
  expect(hosts(answer).every((host) => isIP(host) > 0)).toBe(true);
  expect(hosts(answer).some((host) => host === '127.0.0.1' || host === '::1')).toBe(true);
  expect(answer.ttlMs).toBe(TTL_UNKNOWN_MS);
  expect(server.asked).toEqual([]);
});

test('auto: a name without a dot is left to the system; a name server knows nothing of it', async () => {
  expect(hosts(await dns.ask({ host: 'localhost', resolve: 'auto' })).length).toBeGreaterThan(0);
  expect(server.asked).toEqual([]);
});

test('auto: the name server is asked, and the system is not when it answers', async () => {
  server.zone.set('A shop.test', [a('10.9.9.9', 11)]);
  expect(await dns.ask({ host: 'shop.test', resolve: 'auto' })).toMatchObject({ ttlMs: 11_000 });
  expect(server.asked.toSorted()).toEqual(['A shop.test', 'AAAA shop.test']);
});

test.each(['NXDOMAIN', 'SERVFAIL', 'REFUSED', 'silence'] as const)(
  'auto: after %s the system decides',
  async (reply) => {
    // An address with dots is a name to the name server, and one that the system knows without asking anybody.
    server.zone.set('A 127.0.0.9', reply);
    server.zone.set('AAAA 127.0.0.9', reply);
    expect(hosts(await dns.ask({ host: '127.0.0.9', resolve: 'auto' }))).toEqual(['127.0.0.9']);
    expect(server.asked.toSorted()).toEqual(['A 127.0.0.9', 'AAAA 127.0.0.9']);
  },
);

test('name servers are looked up anew for each question: they change while the process runs', async () => {
  const other = await DnsServer.start();
  const servers = [server.address];
  const moving = openDns({ servers, timeoutMs: 150, tries: 1 });
  server.zone.set('A shop.test', [a('10.0.0.1')]);
  other.zone.set('A shop.test', [a('10.0.0.2')]);
  expect(hosts(await moving.ask({ host: 'shop.test', resolve: 'dns' }))).toEqual(['10.0.0.1']);
  servers[0] = other.address;
  expect(hosts(await moving.ask({ host: 'shop.test', resolve: 'dns' }))).toEqual(['10.0.0.2']);
  moving.close();
  await other.stop();
});

test('closing makes open questions fail at once', async () => {
  server.zone.set('A slow.test', 'silence');
  server.zone.set('AAAA slow.test', 'silence');
  const patient = openDns({ servers: [server.address], timeoutMs: 60_000, tries: 1 });
  const asking = patient.ask({ host: 'slow.test', resolve: 'auto' });
  asking.catch(() => {});
  await expect.poll(() => server.asked.length).toBe(2);
  patient.close();
  await expect(asking).rejects.toMatchObject({ code: 'ECANCELLED' });
});
