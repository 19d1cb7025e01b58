import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadTopology } from '../../src/config/load.ts';

// What `docker compose up` would start, read as it is written: every name in it means something, and what an edge is told
// there is a topology that it can run.

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): unknown => parse(readFileSync(`${root}/${path}`, 'utf8'), { merge: true });

type Service = {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
type Prometheus = {
  readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
};

const FILES = ['docker-compose.yml', 'docker-compose.fleet.yml'] as const;

describe.each(FILES)('%s', (file) => {
  const { services, networks, volumes } = read(file) as Compose;
  const all = Object.entries(services);
  const edges = all.filter(([, { command }]) => command?.[0] === 'start');

  test('names only what is there', () => {
    for (const [, service] of all) {
      for (const name of service.depends_on ?? []) expect(Object.keys(services)).toContain(name);
      for (const name of service.networks ?? []) expect(Object.keys(networks)).toContain(name);
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':');
        expect(from.startsWith('./') ? existsSync(`${root}/${from}`) : from in volumes).toBe(true);
      }
    }
  });

  test('takes every right away that nothing needs, and publishes admin ports on loopback only', () => {
    for (const [, { read_only, cap_drop, ports = [] }] of all) {
      expect([read_only, cap_drop]).toEqual([true, ['ALL']]);
      expect(ports.filter((port) => /:(?:9901|9090)$/.test(port) && !port.startsWith('127.0.0.1:'))).toEqual([]);
    }
  });

  test('gives every edge a topology that it can run, whose endpoints are its origins', async () => {
    expect(edges.length).toBeGreaterThan(0);
    for (const [, { command, environment }] of edges) {
      const path = (command?.at(-1) ?? '').replace('/etc/meridian/', 'config/');
      const env = Object.fromEntries(
        Object.entries(environment ?? {}).map(([name, value]) => [name, value.replace(/\$\{.*\}/, 'secret')]),
      );
      const parsed = await loadTopology(`${root}/${path}`, env);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      const hosts = parsed.topology.services.flatMap(({ endpoints }) => endpoints.map(({ url }) => url.host));
      for (const host of hosts) expect(Object.keys(services)).toContain(host);
    }
  });

  test('has a Prometheus that scrapes every edge', () => {
    const name = services['prometheus']?.command?.[0]?.replace('--config.file=/etc/prometheus/', '') ?? '';
    const { scrape_configs } = read(`config/prometheus/${name}`) as Prometheus;
    const targets = scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((one) => one.targets));
    for (const [edge] of edges) expect(targets).toContain(`${edge}:9901`);
  });
});

describe('the fleet', () => {
  const { services } = read('docker-compose.fleet.yml') as Compose;
  const edges = Object.values(services).filter(({ command }) => command?.[0] === 'start');

  test('is three edges with names and regions of their own, and each region has a store', async () => {
    const fleets = await Promise.all(
      edges.map(async ({ environment = {} }) => {
        const parsed = await loadTopology(`${root}/config/fleet.yaml`, { ...environment, REDIS_PASSWORD: 'secret' });
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        return { id: parsed.topology.edge.id, ...parsed.topology.fleet };
      }),
    );
    expect(new Set(fleets.map(({ id }) => id)).size).toBe(3);
    expect(new Set(fleets.map(({ region }) => region)).size).toBe(3);
    for (const { region, regions = [] } of fleets) {
      expect(regions.map(({ name }) => name)).toContain(region);
      for (const { url } of regions) expect(Object.keys(services)).toContain(new URL(url).hostname);
    }
  });

  test('has stores that want a password, keep what they are given, throw nothing away, and are watched', () => {
    const stores = Object.entries(services).filter(([name]) => name.startsWith('redis-'));
    expect(stores).toHaveLength(3);
    for (const [name, { command = [], volumes = [], healthcheck }] of stores) {
      const after = (option: string) => command[command.indexOf(option) + 1];
      expect(after('--requirepass')).toMatch(/^\$\{REDIS_PASSWORD:\?/);
      expect([after('--appendonly'), after('--maxmemory-policy')]).toEqual(['yes', 'noeviction']);
      expect(volumes).toEqual([`${name}:/data`]);
      expect(healthcheck?.test.join(' ')).toContain('redis-cli ping');
    }
  });
});
