import { parseTopology } from '../../src/config/load.ts';
import type { Service, Topology } from '../../src/config/topology.ts';
import { CLOUDS } from '../../src/config/topology-cloud.ts';
import { ListedFields } from '../../src/edge/message/request-head.ts';
import { Attempter } from '../../src/edge/request/attempter.ts';
import type { Exchange } from '../../src/edge/request/exchange.ts';
import { type ServiceState, serviceState } from '../../src/edge/request/service-state.ts';
import { Admission } from '../../src/resilience/admission.ts';
import { type Live, liveOf } from '../../src/routing/ask.ts';
import { EndpointTable, HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, place } from '../../src/table/placement.ts';
import { monotonicMs, systemClock, systemRandom } from '../../src/table/system-clock.ts';
import { workerBlock, workerBlockBytes } from '../../src/table/worker-block.ts';

/** One service with its table, as an edge thread holds it, and a request that is about to be decided on. */
export type Scene = {
  readonly state: ServiceState;
  readonly live: Live;
  readonly exchange: Exchange;
  readonly attempter: Attempter;
};

export type SceneSpec = {
  readonly endpoints: number;
  readonly select: 'best' | 'weighted' | 'optimal';
  /** Whether a first try has failed already, so that the next one goes to another cloud first. */
  readonly failover: boolean;
  /** With weights, tiers, a split, a fence, a brake and a client that stays. */
  readonly policies?: boolean;
};

const REGIONS: Readonly<Record<(typeof CLOUDS)[number], readonly string[]>> = {
  aws: ['us-east-1', 'eu-west-1', 'ap-northeast-1', 'sa-east-1'],
  gcp: ['us-central1', 'europe-west1', 'asia-east1', 'australia-southeast1'],
  azure: ['westus2', 'northeurope', 'japaneast', 'southafricanorth'],
};

/** What every twentieth endpoint is like; all the others are healthy. The first is always healthy. */
const ODD_ONES: Readonly<Record<number, keyof typeof DISTURBANCES>> = {
  2: 'ramping',
  5: 'degraded',
  7: 'breakerOpen',
  11: 'unhealthy',
  13: 'full',
  15: 'ramping',
  17: 'halfOpen',
  19: 'drained',
};

/** Packed breaker words, see resilience/breaker-cells.ts: open; half-open with all three probes away. */
const OPEN_WORD = 1;
const HALF_OPEN_WORD = 2 | (3 << 10);
const FOR_EVER_MS = 1e12;
const ROWS = { services: 1, workers: 1 };

const DISTURBANCES = {
  ramping: ({ columns }: Live, row: number): void => void (columns.rampFromMs[row] = 1e9),
  degraded: ({ columns }: Live, row: number): void => {
    columns.state[row] = HEALTH_STATE.degraded;
    columns.health[row] = 0.6;
  },
  unhealthy: ({ columns }: Live, row: number): void => {
    columns.state[row] = HEALTH_STATE.unhealthy;
    columns.health[row] = 0;
  },
  full: ({ columns }: Live, row: number): void => void (columns.inFlight[row] = 500),
  drained: ({ columns }: Live, row: number): void => void (columns.drained[row] = 1),
  breakerOpen: ({ columns }: Live, row: number): void => {
    columns.breaker[row] = OPEN_WORD;
    columns.breakerUntilMs[row] = FOR_EVER_MS;
  },
  halfOpen: ({ columns }: Live, row: number): void => {
    columns.breaker[row] = HALF_OPEN_WORD;
    columns.breakerUntilMs[row] = FOR_EVER_MS;
  },
};

export function sceneOf(spec: SceneSpec): Scene {
  const topology = topologyOf(spec);
  const service = topology.services[0] as Service;
  const limits = { ...ROWS, rows: spec.endpoints };
  const table = EndpointTable.create(monotonicMs(), limits, workerBlockBytes(limits));
  const { placement } = place(topology, NO_PLACEMENT, NOT_BUSY, limits);
  const clock = systemClock(table.shared.originMs);
  const state = serviceState(service, topology, { placement, nowMs: 0 }, undefined);
  const live = liveOf(table);
  populate(live, state.view.rows);
  const block = workerBlock(table.shared, 0);
  // What the diversity factor is taken from: recent traffic that leans to one cloud.
  live.columns.cloudShare.set([0.5, 0.3, 0.2]);
  const admission = new Admission(table, block, clock, () => {});
  const never = (): never => {
    throw new Error('the scene has an endpoint that is ready, so nothing panics');
  };
  // `Attempter` reads these alone; the rest of an edge is not there.
  const deps = { live, admission, block, clock, random: systemRandom, panicked: never };
  const attempter = new Attempter(deps as unknown as ConstructorParameters<typeof Attempter>[0]);
  const scene = { state, live, attempter, exchange: exchangeOf(state, live) };
  if (spec.failover) fail(scene);
  return scene;
}

function topologyOf({ endpoints, select, policies = false }: SceneSpec): Topology {
  const lines = Array.from({ length: endpoints }, (_, i) => {
    const cloud = CLOUDS[i % CLOUDS.length] as (typeof CLOUDS)[number];
    const regions = REGIONS[cloud];
    const region = regions[Math.floor(i / CLOUDS.length) % regions.length] as string;
    const url = `http://10.${i >> 16}.${(i >> 8) & 255}.${i & 255}:8080`;
    return `      - { cloud: ${cloud}, region: ${region}, url: "${url}", capacity: 500${policies ? shareOf(i) : ''} }`;
  });
  const text = `version: 1
edge: { region: aws/us-east-1 }
routing: { select: ${select}${policies ? BRAKE : ''} }
services:
  shop:
${policies ? POLICIES : ''}    endpoints:
${lines.join('\n')}
`;
  const parsed = parseTopology(text, { file: 'bench.yaml', env: {}, readFile: () => '' });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('\n'));
  return parsed.topology;
}

const BRAKE = ', spill_at: 85%, overflow_max: 90%, shed_at: 110%, panic_below: 30%';
const POLICIES = `    split: { stable: 95, canary: 5 }
    sticky: { by: client }
    fence: { when: { countries: [EU] }, only: { continents: [europe, north-america, asia] } }
`;

/** Something of everything, and the first third active. */
function shareOf(i: number): string {
  return `, weight: ${i % 4 === 3 ? '50%' : '100%'}, tier: ${(i % 3) + 1}, set: ${i % 5 === 2 ? 'canary' : 'stable'}`;
}

function populate(live: Live, rows: Int32Array): void {
  for (const [i, row] of rows.entries()) {
    live.columns.state[row] = HEALTH_STATE.healthy;
    live.columns.health[row] = 0.9 + ((i * 7) % 10) / 100;
    live.columns.latencyMs[row] = 5 + ((i * 13) % 50);
    live.columns.inFlight[row] = (i * 31) % 200;
    const odd = ODD_ONES[i % 20];
    if (odd !== undefined) DISTURBANCES[odd](live, row);
  }
}

function exchangeOf(state: ServiceState, { columns }: Live): Exchange {
  const { view } = state;
  const here = { latitude: 50.11, longitude: 8.68, country: 'DE', weight: 1 };
  const client = { key: 'bench', points: [here], country: 'DE', precision: 'city' } as const;
  const latency = state.latencies.from(client, { live: columns, rows: view.rows, nowMs: 0 });
  const priority = { name: 'balanced', weights: view.defaultWeights, known: true };
  // The fields that a decision reads; a request has more.
  const address = '198.51.100.7';
  const fence = state.fences?.of({ country: 'DE', precision: 'city', address });
  const sticky = state.sticky?.of(NO_FIELDS, address, 0);
  const who = { fence, sticky };
  const read = {
    state,
    view,
    priority,
    latency,
    ...who,
    untilMs: Number.POSITIVE_INFINITY,
    idempotent: true,
    explained: false,
    attempts: [],
    suspects: [],
  };
  return read as unknown as Exchange;
}

const NO_FIELDS = new ListedFields([]);

function fail({ attempter, exchange }: Scene): void {
  const first = attempter.take(exchange, 'panic-refused');
  if (first === undefined) throw new Error('nobody to send to');
  first.permit.settle('abandoned');
}
