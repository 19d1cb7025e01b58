import { onTestFinished } from 'vitest';
import { MERGES, type OpenFleet } from '../../src/compose/fleet.ts';
import type { FleetAnswer } from '../../src/compose/fleet-answer.ts';
import { type Meridian, startMeridian } from '../../src/compose.ts';
import { loadTopology } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import type { Event } from '../../src/table/event.ts';
import { type Ask, ask, type Reply } from './client.ts';
import { FleetDouble } from './fleet-double.ts';
import { freePorts } from './free-ports.ts';
import { type Answer, type Origin, startOrigin } from './origin.ts';
import { temporaryFolder } from './process.ts';

/** A whole edge of a fleet, in this process. */
export type FleetEdge = {
  readonly id: string;
  readonly meridian: Meridian;
  readonly port: number;
  readonly admin: number;
  readonly events: readonly Event[];
  /** One request of a client in Frankfurt, to whom gcp/europe-west1 is nearest. */
  readonly ask: (more?: Ask) => Promise<Reply>;
  readonly post: (path: string, body: object) => Promise<Record<string, unknown> & { readonly status: number }>;
  readonly get: <T>(path: string) => Promise<T>;
  readonly fleet: () => Promise<FleetAnswer>;
  /** Rewrites its file and waits until the reload is done. */
  readonly rewrite: (change: (yaml: string) => string) => Promise<void>;
};

export type RunningFleet = {
  readonly edges: readonly [FleetEdge, FleetEdge, FleetEdge];
  readonly origins: Readonly<Record<'aws' | 'gcp' | 'azure', Origin>>;
  /** The wall clock of all edges; it goes on by itself from where it is set. */
  readonly wall: { readonly forwardMs: (ms: number) => void };
  /** The edge hears nobody and nobody hears it. */
  readonly cut: (edge: string) => void;
  readonly heal: (edge: string) => void;
};

export type FleetSpec = {
  /** Lines at the top of the file of an edge. */
  readonly top?: (edge: string) => string;
  /** Lines inside the service. */
  readonly service?: (edge: string) => string;
  readonly answer?: (cloud: string) => Answer;
};

const IDS = ['iad-1', 'fra-1', 'nrt-1'] as const;
const REGIONS = ['us-east-1', 'europe-west1', 'japaneast'] as const;
const GERMANY = { 'x-forwarded-for': '91.0.0.1' };

/**
 * Three edges that share their state, in front of an origin in each cloud. Everything ends with the test. `link` is the one
 * thing that knows what they share it through.
 */
export async function startFleet({ top, service, answer }: FleetSpec = {}): Promise<RunningFleet> {
  const clouds = ['aws', 'gcp', 'azure'] as const;
  const made = await Promise.all(clouds.map((cloud) => startOrigin(cloud, answer?.(cloud))));
  const [aws, gcp, azure] = made as [Origin, Origin, Origin];
  onTestFinished(async () => void (await Promise.all(made.map((origin) => origin.kill()))));
  let forwardMs = 0;
  const wallMs = () => Date.now() + forwardMs;
  const { open, regions, cut, heal } = link();
  const folder = temporaryFolder();
  // Three edges that let the system choose at one time would be given each other's ports between claiming and listening.
  const ports = await freePorts(IDS.length);
  const start = async (id: (typeof IDS)[number], i: number): Promise<FleetEdge> => {
    const endpoint = (cloud: string, region: string, { port }: Origin) =>
      `      - { cloud: ${cloud}, region: ${region}, url: "http://127.0.0.1:${port}" }`;
    const yaml = `version: 1
edge: { id: ${id}, region: aws/us-east-1, listen: "127.0.0.1:${ports + i}", workers: 1, trust_proxies: [loopback], drain: 0s }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
${top?.(id) ?? ''}
fleet: { store: redis, region: ${REGIONS[i]}, regions: ${regions}, report: 100ms, forget: 1s }
services:
  shop:
    routing: { default_priority: latency, latency_from: client, ramp: 0s, band: 0 }
${service?.(id) ?? '    health: { interval: 300ms, timeout: 250ms }'}
    endpoints:
${endpoint('aws', 'us-east-1', aws)}
${endpoint('gcp', 'europe-west1', gcp)}
${endpoint('azure', 'japaneast', azure)}
`;
    return startEdge({ id, yaml, file: folder.write(`${id}.yaml`, yaml), write: folder.write, open, wallMs });
  };
  const edges = await Promise.all(IDS.map(start));
  return {
    edges: edges as unknown as RunningFleet['edges'],
    origins: { aws, gcp, azure },
    wall: { forwardMs: (ms) => void (forwardMs += ms) },
    cut,
    heal,
  };
}

/** What the edges share their state through: here a double in this process. */
function link(): {
  readonly open: OpenFleet;
  /** `fleet.regions` as the file has it. */
  readonly regions: string;
  readonly cut: (edge: string) => void;
  readonly heal: (edge: string) => void;
} {
  const double = new FleetDouble(MERGES);
  return {
    open: ({ edge, settings, wallMs }) => double.join(edge, settings.region, wallMs),
    regions: `{ ${REGIONS.map((region, i) => `${region}: { url: "redis://127.0.0.1:${7001 + i}" }`).join(', ')} }`,
    cut: (edge) => double.cut(edge),
    heal: (edge) => double.heal(edge),
  };
}

type EdgeSpec = {
  readonly id: string;
  readonly yaml: string;
  readonly file: string;
  readonly write: (name: string, text: string) => string;
  readonly open: OpenFleet;
  readonly wallMs: () => number;
};

async function startEdge({ id, yaml, file, write, open, wallMs }: EdgeSpec): Promise<FleetEdge> {
  const parsed = await loadTopology(file, {});
  if (!parsed.ok) throw new Error(formatProblems(file, parsed.problems));
  const events: Event[] = [];
  const onEvent = (event: Event) => void events.push(event);
  const meridian = await startMeridian({ topology: parsed.topology, env: {}, onEvent, openFleet: open, wallMs });
  onTestFinished(() => meridian.stop());
  const { port } = meridian.edge;
  const admin = meridian.admin.port;
  const get = async <T>(path: string) => JSON.parse((await ask(admin, { path })).body) as T;
  let text = yaml;
  return {
    id,
    meridian,
    port,
    admin,
    events,
    ask: (more = {}) => ask(port, { ...more, headers: { ...GERMANY, ...more.headers } }),
    post: async (path, body) => {
      const { status, body: reply } = await ask(admin, { method: 'POST', path, body: JSON.stringify(body) });
      return { ...(JSON.parse(reply) as Record<string, unknown>), status };
    },
    get,
    fleet: () => get<FleetAnswer>('/fleet'),
    rewrite: async (change) => {
      text = change(text);
      write(`${id}.yaml`, text);
      const result = await meridian.reload();
      if (!result.ok) throw new Error(result.problems.join('\n'));
    },
  };
}
