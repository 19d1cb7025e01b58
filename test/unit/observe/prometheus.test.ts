import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { alone } from '../../../src/fleet/alone.ts';
import { AcmeOrders } from '../../../src/observe/acme-families.ts';
import { alertFamilies } from '../../../src/observe/alert-families.ts';
import { configFamilies } from '../../../src/observe/config-families.ts';
import { fleetFamilies, overrideFamilies } from '../../../src/observe/fleet-families.ts';
import { Metrics } from '../../../src/observe/prometheus.ts';
import { sloFamilies } from '../../../src/observe/slo-families.ts';
import { SloKeeper } from '../../../src/observe/slo-keeper.ts';
import { valueFamilies } from '../../../src/observe/value-families.ts';
import { DURATION_BOUNDS_S, DURATION_CELLS } from '../../../src/table/service-cells.ts';
import { parseExposition, valueAt } from './exposition.ts';
import { OBTAINED } from './obtained.ts';
import { countOutcome, rowOf, type TestWorld, topologyWith, type Where, worldOf } from './world.ts';

const PLACES: readonly Where[] = ['aws/us-east-1', 'gcp/europe-west1', 'azure/japaneast'];
const US = { region: 'us-east-1', cloud: 'aws' };

const SINK = { sink: 'slack', up: true, waiting: 0, lastError: null, delivered: 0, failed: 0, refused: 0, dropped: 0 };

function metricsOf(world: TestWorld, more: Partial<TestWorld> = {}) {
  const now = { ...world, ...more };
  const metrics = new Metrics({
    table: world.table,
    blocks: world.blocks,
    topology: () => now.topology,
    placement: () => now.placement,
    version: '1.2.3',
    wallMs: () => 1_000_000,
    nowMs: () => 0,
    geoBuiltAtMs: 0,
    geoBuiltin: false,
    loops: ['health'],
    controlLogDropped: () => 0,
  });
  const keeper = new SloKeeper(world.blocks, () => 0);
  keeper.follow(world.topology, world.placement);
  metrics.add([
    ...overrideFamilies(() => []),
    ...valueFamilies(VALUES),
    ...fleetFamilies({
      status: () => FLEET,
      missing: () => [],
      seen: () => [SEEN],
      shares: () => [{ service: 'shop', share: 1 }],
      clients: () => [{ service: 'shop', told: 1, shared: 1 }],
    }),
    ...sloFamilies(keeper),
    ...configFamilies(CONFIG),
    ...new AcmeOrders().families(() => [OBTAINED]),
    ...alertFamilies(
      () => [],
      () => [SINK],
    ),
  ]);
  return { now, metrics, scrape: async () => parseExposition((await metrics.render()).body) };
}

const VALUES = {
  keys: () => ({ live: 0, deleted: 0 }),
  bytes: () => 0,
  conflicts: () => 0,
  writes: () => new Map<string, number>(),
  voters: () => 3,
};

const CONFIG = {
  hash: () => 'abc',
  sinceMs: () => 0,
  wallMs: () => 0,
  certificates: () => [{ use: 'edge.tls', service: '', endMs: 0 }],
  shown: () => [{ name: 'shop.example.com', beginMs: 0, endMs: 0 }],
  dnsAgesMs: () => new Map([['shop', 0]]),
};
const REGION = { region: 'b', role: 'primary', connected: true, writable: true, trouble: '', waiting: 0 } as const;
const FLEET = { ...alone({ edge: 'a', region: 'b', wallMs: () => 0 }).status(), regions: [REGION] };
const SEEN = { cloud: 'aws', region: 'us-east-1', inFlight: 0, quorum: 'none', cutOff: false } as const;

const threeClouds = () => metricsOf(worldOf(topologyWith({ shop: PLACES }, 'edge: { id: e, region: aws/us-east-1 }')));

const PUBLISHED: readonly [string, string, readonly string[]][] = [
  ['requests_total', 'counter', ['cloud', 'region', 'status']],
  ['request_duration_seconds', 'histogram', ['cloud', 'region']],
  ['endpoint_health_score', 'gauge', ['cloud', 'region']],
  ['replication_lag_seconds', 'gauge', ['source_region', 'target_region']],
  ['failovers_total', 'counter', ['from_region', 'reason', 'to_region']],
];

test('the five published metrics have exactly the published names, types and labels; all others are ours', async () => {
  const { types, lines } = await threeClouds().scrape();
  expect([...types.keys()].filter((name) => !name.startsWith('meridian_'))).toEqual(
    expect.arrayContaining(PUBLISHED.map(([name]) => name)),
  );
  expect([...types.keys()].filter((name) => !name.startsWith('meridian_'))).toHaveLength(PUBLISHED.length);
  for (const [name, type, labels] of PUBLISHED) {
    expect(types.get(name)).toBe(type);
    const found = lines.filter((line) => line.name.replace(/_(?:bucket|sum|count)$/, '') === name);
    expect(found.length).toBeGreaterThan(0);
    const shown = found.map((line) =>
      Object.keys(line.labels)
        .filter((label) => label !== 'le')
        .sort(),
    );
    expect(new Set(shown.map(String))).toEqual(new Set([String(labels)]));
  }
});

test.each(['_getActiveHandles', '_getActiveRequests'])(
  'no scrape asks process.%s(), in which Node 26 may abort',
  async (name) => {
    const asked = vi.spyOn(process as never, name as never);
    await threeClouds().scrape();
    expect(asked).not.toHaveBeenCalled();
  },
);

test('every line belongs to a metric with help and type', async () => {
  const { types, help, lines } = await threeClouds().scrape();
  const families = lines.map(({ name }) => (types.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '')));
  expect(families.filter((name) => !types.has(name) || !help.has(name))).toEqual([]);
  const empty = [...types.keys()].filter((name) => !families.includes(name) && !name.startsWith('meridian_nodejs_'));
  expect(empty.toSorted()).toEqual([
    'meridian_cache_bytes',
    'meridian_cache_entries',
    'meridian_cache_evictions_total',
    'meridian_cache_failures_total',
    'meridian_cache_hits_total',
    'meridian_cache_misses_total',
    'meridian_cache_purges_total',
    'meridian_cache_writable',
    'meridian_chaos_injections_total',
    'meridian_degraded_answers_total',
    'meridian_endpoint_assigned_share',
    'meridian_endpoint_in_flight_max',
    'meridian_endpoint_latency_seconds',
    'meridian_endpoint_reported_load',
    'meridian_orders_total',
  ]);
});

test('garbage collections are in both formats', async () => {
  const { metrics } = threeClouds();
  await metrics.open();
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  await vi.waitFor(async () => {
    for (const format of ['text', 'openmetrics'] as const)
      expect((await metrics.render(format)).body).toMatch(
        /^meridian_nodejs_gc_duration_seconds_count\{kind="\w+"\} \d+$/m,
      );
  });
});

test('a scrape reads what the threads have counted since', async () => {
  const world = worldOf(topologyWith({ shop: PLACES }));
  const { scrape } = metricsOf(world);
  const row = rowOf(world, 0);
  expect(valueAt(await scrape(), 'requests_total', { ...US, status: 'success' })).toBe(0);
  world.blocks[0]!.requestsSuccess[row] = 3;
  world.blocks[1]!.requestsSuccess[row] = 4;
  world.blocks[0]!.durations[row * DURATION_CELLS + 2] = 7;
  world.blocks[0]!.durationSumMs[row] = 28;
  world.table.live.health[row] = 0.75;
  world.table.live.latencyMs[row] = 20;
  countOutcome(world.blocks[0]!, row, 'reset', 2);
  const after = await scrape();
  expect(valueAt(after, 'requests_total', { ...US, status: 'success' })).toBe(7);
  expect(valueAt(after, 'request_duration_seconds_sum', US)).toBe(0.028);
  expect(valueAt(after, 'endpoint_health_score', US)).toBe(0.75);
  expect(valueAt(after, 'meridian_endpoint_latency_seconds', US)).toBe(0.02);
  expect(valueAt(after, 'meridian_attempts_total', { ...US, outcome: 'reset' })).toBe(2);
});

test('histograms are cumulative and agree with their count', async () => {
  const world = worldOf(topologyWith({ shop: PLACES }));
  for (let i = 0; i < DURATION_CELLS; i += 1)
    world.blocks[i % 2]!.durations[rowOf(world, 0) * DURATION_CELLS + i] = i + 1;
  const exposition = await metricsOf(world).scrape();
  const bucket = (le: string) => valueAt(exposition, 'request_duration_seconds_bucket', { ...US, le });
  let sum = 0;
  for (const [i, bound] of DURATION_BOUNDS_S.entries()) {
    sum += i + 1;
    expect(bucket(String(bound))).toBe(sum);
  }
  expect(bucket('+Inf')).toBe(sum + DURATION_CELLS);
  expect(valueAt(exposition, 'request_duration_seconds_count', US)).toBe(bucket('+Inf'));
});

test('a reload makes new series exist, keeps the counters of old ones, and ends their gauges', async () => {
  const world = worldOf(topologyWith({ shop: PLACES }));
  const { now, metrics, scrape } = metricsOf(world);
  const row = rowOf(world, 0);
  world.blocks[0]!.requestsSuccess[row] = 5;
  const next = topologyWith({ shop: ['aws/eu-west-1', 'gcp/europe-west1'] });
  metrics.retire(row);
  const [first, second] = next.services[0]!.endpoints;
  Object.assign(now, {
    topology: next,
    placement: { rows: { [first!.id]: row, [second!.id]: 1 }, slots: { shop: 0 } },
  });
  metrics.onEvent({ type: 'reloaded', file: 'f', services: 1, endpoints: 2 });
  world.blocks[0]!.requestsSuccess[row] = 7;
  const after = await scrape();
  expect(valueAt(after, 'requests_total', { ...US, status: 'success' })).toBe(5);
  expect(valueAt(after, 'requests_total', { region: 'eu-west-1', cloud: 'aws', status: 'success' })).toBe(2);
  expect(metrics.counted(row)).toEqual({ requests: 2, errors: 0, tries: 0 });
  expect(() => valueAt(after, 'endpoint_health_score', US)).toThrow('0 lines of endpoint_health_score');
  expect(valueAt(after, 'endpoint_health_score', { region: 'eu-west-1', cloud: 'aws' })).toBe(0.5);
  const failover = { from_region: 'eu-west-1', to_region: 'europe-west1', reason: 'connect-refused' };
  expect(valueAt(after, 'failovers_total', failover)).toBe(0);
  expect(valueAt(after, 'meridian_reloads_total', { result: 'success' })).toBe(1);
});

test('replication lag is this edge with itself until a fleet says otherwise', async () => {
  const { metrics, scrape } = threeClouds();
  const own = { source_region: 'us-east-1', target_region: 'us-east-1' };
  expect(valueAt(await scrape(), 'replication_lag_seconds', own)).toBe(0);
  metrics.readReplicationLags(() => [{ source: 'a', target: 'b', seconds: Number.POSITIVE_INFINITY }]);
  const after = await scrape();
  expect(valueAt(after, 'replication_lag_seconds', { source_region: 'a', target_region: 'b' })).toBe(Infinity);
  expect(() => valueAt(after, 'replication_lag_seconds', own)).toThrow('0 lines of replication_lag_seconds');
});

test('a label value with quotes, backslashes and line ends stays one label', async () => {
  const { metrics, scrape } = threeClouds();
  metrics.onEvent({ type: 'loop-failed', loop: 'a"b\\c\nd', error: 'e' });
  expect(valueAt(await scrape(), 'meridian_loop_failures_total', { loop: 'a\\"b\\\\c\\nd' })).toBe(1);
});

test('a thousand and more regions in a file make a bounded number of series, none of them twice', async () => {
  const places = Array.from({ length: 1200 }, (_, i): Where => `aws/r${i}`);
  const { scrape } = metricsOf(worldOf(topologyWith({ shop: places })));
  const { lines } = await scrape();
  const health = lines.filter(({ name }) => name === 'endpoint_health_score');
  expect(new Set(health.map(({ labels }) => labels['region'])).size).toBe(health.length);
  expect(health).toHaveLength(1024);
  expect(health.some(({ labels }) => labels['region'] === 'other')).toBe(true);
});

test('docs/metrics.md and what is shown are the same metrics', async () => {
  const { types } = await threeClouds().scrape();
  const docs = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = [...docs.matchAll(/^\| `([a-z0-9_]+)` \| (counter|gauge|histogram) \|.*/gm)];
  const documented = rows
    .filter(([row]) => process.platform === 'linux' || !row.includes('(Linux)'))
    .map(([, name, type]) => [name, type]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(types));
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

test.skipIf(!promtool)('promtool finds nothing to say about it', async () => {
  const { metrics } = threeClouds();
  const { contentType, body: input } = await metrics.render();
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(execFileSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8', stdio: 'pipe' })).toBe('');
});
