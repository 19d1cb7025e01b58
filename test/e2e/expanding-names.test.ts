import { createServer, type Server } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startMeridian } from '../../src/compose.ts';
import { loadTopology } from '../../src/config/load.ts';
import { openDns } from '../../src/discovery/dns.ts';
import { HEALTH_STATE, NOT_RAMPING } from '../../src/table/endpoint-table.ts';
import type { Event } from '../../src/table/event.ts';
import { ask } from '../support/client.ts';
import { DnsServer } from '../support/dns-server.ts';
import { temporaryFolder } from '../support/process.ts';

// One name, many addresses: each is an endpoint, without a line in the file. Real sockets on 127.0.0.x, and a real name server.

/** Machines of one group: all on one port, each on an address of its own. */
async function startGroup(count: number) {
  const servers: Server[] = [];
  let port = 0;
  for (let i = 0; i < count; i += 1) {
    const host = `127.0.0.${i + 2}`;
    const server = createServer((_, response) => response.end(host));
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    port = (server.address() as { port: number }).port;
    servers.push(server);
    onTestFinished(() => void server.close());
  }
  const stop = (i: number) => {
    servers[i]?.closeAllConnections();
    servers[i]?.close();
  };
  return { port, stop };
}

type Options = {
  readonly expand?: string;
  readonly machines?: number;
  /** Two services send to the group, by a backend. */
  readonly shared?: boolean;
};

async function started(options: Options = {}) {
  const { expand = 'true', machines = 4, shared = false } = options;
  const group = await startGroup(machines);
  const dns = await DnsServer.start();
  onTestFinished(() => dns.stop());
  const answer = (...hosts: readonly string[]) =>
    dns.zone.set(
      'A app.test',
      hosts.map((address) => ({ type: 'A', address, ttl: 1 }) as const),
    );
  answer('127.0.0.2');
  const yaml = (capacity: number) => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 2, drain: 0s }
admin: { listen: "127.0.0.1:0", token: t }
log: { level: silent }
health: { interval: 200ms, timeout: 150ms }
routing: { ramp: 0s }
${shared ? 'backends:\n  shop:' : 'services:\n  shop:'}
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://app.test:${group.port}", resolve: dns, expand: ${expand}, capacity: ${capacity} }]
${shared ? 'services:\n  shop: { backend: shop }\n  apps: { match: { prefix: /apps }, backend: { name: shop, weight: 0.5 } }\n' : ''}`;
  const folder = temporaryFolder();
  const file = folder.write('meridian.yaml', yaml(10));
  const parsed = await loadTopology(file, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const events: Event[] = [];
  const asking = openDns({ servers: [dns.address], timeoutMs: 200, tries: 1 });
  const meridian = await startMeridian({
    topology: parsed.topology,
    env: {},
    onEvent: (event) => events.push(event),
    ask: asking.ask,
  });
  onTestFinished(async () => {
    asking.close();
    const ended = meridian.stop();
    void meridian.stop();
    await ended;
  });
  const { control } = meridian;
  const name = `shop/aws/us-east-1/app.test:${group.port}`;
  const members = () =>
    (control.current.topology.services[0]?.endpoints ?? []).map(({ id }) => id.slice(name.length + 1));
  const rowOf = (host: string) => control.rows.placement.rows[`${name}#${host}`];
  const becomes = async (...hosts: readonly string[]) => {
    await vi.waitFor(() => expect(members()).toEqual(hosts), 6000);
    const { live } = control.table;
    await vi.waitFor(
      () => expect(hosts.every((host) => live.state[rowOf(host) as number] === HEALTH_STATE.healthy)).toBe(true),
      6000,
    );
  };
  const order = (path: string, body: object) =>
    ask(meridian.admin.port, {
      path,
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const served = async (count = 40) => {
    const replies = await Promise.all(Array.from({ length: count }, () => ask(meridian.edge.port)));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 200));
    return [...new Set(replies.map(({ body }) => body))].sort();
  };
  /** GETs without a pause until they are stopped; resolves with the answers that were not 200. */
  const load = () => {
    let going = true;
    let count = 0;
    const bad: number[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      while (going) {
        const { status } = await ask(meridian.edge.port);
        count += 1;
        if (status !== 200) bad.push(status);
      }
    });
    return async () => {
      going = false;
      await Promise.all(clients);
      expect(count).toBeGreaterThan(50);
      return bad;
    };
  };
  return { ...meridian, dns, name, group, answer, becomes, members, rowOf, order, served, load, events, yaml, folder };
}

test('a group grows and shrinks under load, and no GET fails', async () => {
  const { answer, becomes, served, load, group, rowOf, control } = await started();
  await becomes('127.0.0.2');
  const stop = load();
  answer('127.0.0.2', '127.0.0.3', '127.0.0.4');
  await becomes('127.0.0.2', '127.0.0.3', '127.0.0.4');
  expect(await served()).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.4']);
  // Who joined others has been ramping since; who stood for the name alone has not.
  const { rampFromMs } = control.table.live;
  expect(rampFromMs[rowOf('127.0.0.4') as number]).toBeGreaterThan(0);
  expect(rampFromMs[rowOf('127.0.0.2') as number]).toBe(NOT_RAMPING);
  const kept = rowOf('127.0.0.3');
  answer('127.0.0.3', '127.0.0.5');
  await becomes('127.0.0.3', '127.0.0.5');
  // Nobody asks them any more, so nobody misses them.
  group.stop(0);
  group.stop(2);
  expect(await served()).toEqual(['127.0.0.3', '127.0.0.5']);
  expect(rowOf('127.0.0.3')).toBe(kept);
  expect(await stop()).toEqual([]);
  expect(control.current.topology.services[0]?.endpoints.map(({ capacity }) => capacity)).toEqual([10, 10]);
});

test('each address has a health of its own, and a dead one is left alone', async () => {
  const { answer, becomes, served, group, control, rowOf } = await started();
  answer('127.0.0.2', '127.0.0.3');
  await becomes('127.0.0.2', '127.0.0.3');
  group.stop(1);
  await vi.waitFor(
    () => expect(control.table.live.state[rowOf('127.0.0.3') as number]).toBe(HEALTH_STATE.unhealthy),
    6000,
  );
  expect(await served()).toEqual(['127.0.0.2']);
});

test('a name server that is dead, or has lost the name, takes nobody away', async () => {
  const { answer, becomes, served, dns, members } = await started();
  answer('127.0.0.2', '127.0.0.3');
  await becomes('127.0.0.2', '127.0.0.3');
  for (const reply of ['SERVFAIL', 'silence', 'NXDOMAIN'] as const) {
    const before = dns.asked.length;
    dns.zone.set('A app.test', reply);
    await vi.waitFor(() => expect(dns.asked.length).toBeGreaterThan(before + 1), 8000);
    expect(members()).toEqual(['127.0.0.2', '127.0.0.3']);
  }
  expect(await served()).toEqual(['127.0.0.2', '127.0.0.3']);
}, 40_000);

test('answers that flap cost no GET', async () => {
  const { answer, becomes, load } = await started();
  answer('127.0.0.2', '127.0.0.3', '127.0.0.4');
  await becomes('127.0.0.2', '127.0.0.3', '127.0.0.4');
  const stop = load();
  for (let i = 0; i < 3; i += 1) {
    answer('127.0.0.4');
    await becomes('127.0.0.4');
    answer('127.0.0.2', '127.0.0.3');
    await becomes('127.0.0.2', '127.0.0.3');
  }
  expect(await stop()).toEqual([]);
}, 40_000);

test('of too many addresses the first are used, and a drain of the name is one of all of them', async () => {
  const { answer, becomes, served, order, name } = await started({ expand: '2' });
  answer('127.0.0.5', '127.0.0.4', '127.0.0.3');
  await becomes('127.0.0.3', '127.0.0.4');
  expect((await order('/drain', { endpoint: `${name}#127.0.0.3`, reason: 'one' })).status).toBe(200);
  await vi.waitFor(async () => expect(await served(8)).toEqual(['127.0.0.4']), 3000);
  expect((await order('/drain', { endpoint: name, reason: 'all', force: true })).status).toBe(200);
  expect((await order('/undrain', { endpoint: `${name}#127.0.0.3` })).status).toBe(200);
  // What comes later is drained with its name, from its first request on.
  answer('127.0.0.5');
  await becomes('127.0.0.5');
  expect((await order('/undrain', { endpoint: name })).status).toBe(200);
  await vi.waitFor(async () => expect(await served(8)).toEqual(['127.0.0.5']), 3000);
});

test('a reload of the file keeps the addresses and their rows', async () => {
  const { answer, becomes, events, yaml, folder, reload, rowOf, control, served } = await started();
  answer('127.0.0.2', '127.0.0.3');
  await becomes('127.0.0.2', '127.0.0.3');
  const rows = [rowOf('127.0.0.2'), rowOf('127.0.0.3')];
  folder.write('meridian.yaml', yaml(20));
  await reload();
  expect(events.some(({ type }) => type === 'reloaded')).toBe(true);
  await becomes('127.0.0.2', '127.0.0.3');
  expect([rowOf('127.0.0.2'), rowOf('127.0.0.3')]).toEqual(rows);
  expect(control.current.topology.services[0]?.endpoints.map(({ capacity }) => capacity)).toEqual([20, 20]);
  expect(await served(8)).toEqual(['127.0.0.2', '127.0.0.3']);
});

test('a group that two services share grows and shrinks for both, and each address has one row', async () => {
  const { answer, becomes, control, edge, order, name, load, rowOf } = await started({ shared: true });
  const bodies = async (path: string) => {
    const replies = await Promise.all(Array.from({ length: 30 }, () => ask(edge.port, { path })));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    return [...new Set(replies.map(({ body }) => body))].sort();
  };
  answer('127.0.0.2', '127.0.0.3');
  await becomes('127.0.0.2', '127.0.0.3');
  const stop = load();
  for (const path of ['/', '/apps']) expect(await bodies(path)).toEqual(['127.0.0.2', '127.0.0.3']);
  expect(Object.keys(control.rows.placement.rows)).toHaveLength(2);
  const kept = rowOf('127.0.0.3');
  answer('127.0.0.3', '127.0.0.4');
  await becomes('127.0.0.3', '127.0.0.4');
  for (const path of ['/', '/apps']) expect(await bodies(path)).toEqual(['127.0.0.3', '127.0.0.4']);
  expect(rowOf('127.0.0.3')).toBe(kept);
  expect((await order('/drain', { endpoint: `${name}#127.0.0.3`, reason: 'one' })).status).toBe(200);
  await vi.waitFor(async () => expect(await bodies('/apps')).toEqual(['127.0.0.4']), 3000);
  expect(await stop()).toEqual([]);
});
