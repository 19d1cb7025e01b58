import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildAlerts } from '../../../src/config/build-alerts.ts';
import { buildChaos } from '../../../src/config/build-chaos.ts';
import { jsonSchema } from '../../../src/config/json-schema.ts';
import { parseTopology } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { DEFAULT_NAME } from '../../../src/config/system-name.ts';
import { readYaml } from '../../../src/config/yaml.ts';
import { SERVICES, topologyOf } from './parse-text.ts';

test('a minimal file has every default of the design', () => {
  const { services, ...rest } = topologyOf(`version: 1\n${SERVICES}`);
  expect(rest).toEqual({
    file: 'edge.yaml',
    clouds: ['aws', 'gcp', 'azure'],
    edge: {
      ...DEFAULT_NAME,
      place: { latitude: 39.04, longitude: -77.49, country: 'US' },
      placed: false,
      cloud: undefined,
      region: undefined,
      listeners: [
        {
          name: '0.0.0.0:8080',
          listen: { host: '0.0.0.0', port: 8080 },
          tls: undefined,
          http2: 'off',
          proxyProtocolFrom: undefined,
          redirectPort: undefined,
        },
      ],
      workers: 'auto',
      trustProxies: [],
      drainMs: 10_000,
      lameDuckMs: 0,
      healthPath: '',
      connectionsMax: 10_000,
      connectionLimit: undefined,
      handshakesMax: 1000,
      handshakeMs: 10_000,
      keepAliveMs: 75_000,
      headMs: 10_000,
      accelerator: true,
      decisionHeaders: 'never',
    },
    admin: { listen: { host: '127.0.0.1', port: 9901 }, token: '', hosts: [] },
    geoDatabase: 'builtin',
    log: { level: 'info', format: 'json', access: true },
    alerts: buildAlerts(undefined),
    chaos: buildChaos(undefined),
  });
  expect(services).toHaveLength(1);
});

test('it is frozen through and through, and can be sent to a thread', () => {
  const topology = topologyOf(`version: 1\n${SERVICES}`);
  const loose: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Object.isFrozen(value)) loose.push(path);
    for (const [name, inner] of Object.entries(value)) walk(inner, `${path}.${name}`);
  };
  walk(topology, 'topology');
  expect(loose).toEqual([]);
  expect(structuredClone(topology)).toEqual(topology);
});

const CONFIG = new URL('../../../config/', import.meta.url);
const EXAMPLES = ['minimal.yaml', 'meridian.yaml', 'three-clouds.yaml', 'everything.yaml'];
// Files of other programs lie in the same directory.
const OTHERS = /^(?:prometheus|alert|alertmanager|rules|slo|redis|grafana|fleet|compose|otel)/;

const read = (name: string) => readFileSync(new URL(name, CONFIG), 'utf8');

test('the examples that the documentation names are there', () => {
  expect(EXAMPLES.filter((name) => !existsSync(new URL(name, CONFIG)))).toEqual([]);
});

const ours = readdirSync(CONFIG).filter((name) => name.endsWith('.yaml') && !OTHERS.test(name));

test.each(ours)('%s is right as it is, and editors find its schema', (name) => {
  const parsed = parseTopology(read(name), { file: name, env: {}, readFile: () => '' });
  expect(parsed.ok ? '' : formatProblems(name, parsed.problems)).toBe('');
  expect(read(name).split('\n')[0]).toBe('# yaml-language-server: $schema=./meridian.schema.json');
});

test('the minimal example is five lines', () => {
  const lines = read('minimal.yaml')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toHaveLength(5);
});

test('the example to start with needs nothing but this machine', () => {
  const parsed = parseTopology(read('meridian.yaml'), { file: 'f', env: {}, readFile: () => '' });
  if (!parsed.ok) throw new Error('it is right');
  const endpoints = parsed.topology.services.flatMap((service) => service.endpoints);
  expect(endpoints.map(({ url }) => `${url.host}:${url.port}`)).toEqual([
    '127.0.0.1:9001',
    '127.0.0.1:9002',
    '127.0.0.1:9003',
  ]);
  expect(new Set(endpoints.map(({ cloud }) => cloud)).size).toBe(3);
  expect(parsed.topology.edge.listeners.map(({ tls }) => tls)).toEqual([undefined]);
});

test('everything.yaml has every key that there is', () => {
  type Node = { readonly [key: string]: unknown };
  const missing: string[] = [];
  const compare = (schema: Node, values: readonly unknown[], path: string): void => {
    const maps = values.filter((value): value is Node => typeof value === 'object' && value !== null);
    const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Node>>;
    for (const [name, inner] of Object.entries(properties)) {
      const held = maps.map((map) => map[name]).filter((value) => value !== undefined);
      // Blocks of a service are those of the file once more, and a backend's are a service's: one or two keys of each are enough.
      // So is the short form for one listener.
      const again =
        /^(?:services|backends)\.\*\.(?:routing|health|breakers|retries|timeouts|slo)\.|^backends\.\*\.(?:tls|endpoints\.\[\])\.|^edge\.tls\./.test(
          `${path}${name}`,
        );
      if (held.length === 0 && !again) missing.push(`${path}${name}`);
      compare(inner, held, `${path}${name}.`);
    }
    if (typeof schema['additionalProperties'] === 'object') {
      compare(schema['additionalProperties'] as Node, maps.flatMap(Object.values), `${path}*.`);
    }
    if (typeof schema['items'] === 'object') compare(schema['items'] as Node, values.flat(), `${path}[].`);
  };
  const file = readYaml(read('everything.yaml'));
  if ('problems' in file) throw new Error('it is right');
  compare(jsonSchema(), [file.value], '');
  // A fleet on redis has no file, gRPC's checks are for endpoints that speak HTTP/2, a list of listeners has no short form, and who is told by a
  // cookie has no header and no bound: those keys are in comments.
  expect(missing.toSorted()).toEqual([
    'edge.listen',
    'edge.tls',
    'fleet.path',
    'health.grpc',
    'services.*.sticky.header',
    'services.*.sticky.load',
  ]);
  expect(read('everything.yaml')).toMatch(/^ +# header: X-User-Id[^]*^ +# load: 1.25/m);
  expect(read('everything.yaml')).toMatch(/^  # listen: .*\n  # tls: /m);
  expect(read('everything.yaml')).toMatch(/^  # path: .*sqlite/m);
});
