import { createFleet } from '../../src/compose/fleet.ts';
import { RowKeeper } from '../../src/compose/row-keeper.ts';
import { Attempter } from '../../src/edge/request/attempter.ts';
import { limitCells } from '../../src/edge/request/limit-cells.ts';
import type { PathDeps } from '../../src/edge/request/path-deps.ts';
import { Pipeline } from '../../src/edge/request/pipeline.ts';
import { Recorder } from '../../src/edge/request/recorder.ts';
import { worldOf } from '../../src/edge/request/world.ts';
import { RegionalFleet } from '../../src/fleet/regional-fleet.ts';
import { Locator } from '../../src/geo/locate.ts';
import type { GeoDatabase } from '../../src/geo/maxmind.ts';
import type { OpenProber } from '../../src/health/check.ts';
import { HealthMonitor } from '../../src/health/monitor.ts';
import { Admission } from '../../src/resilience/admission.ts';
import { liveOf } from '../../src/routing/ask.ts';
import { EndpointTable } from '../../src/table/endpoint-table.ts';
import type { Event } from '../../src/table/event.ts';
import type { LoopDeps } from '../../src/table/loop.ts';
import { unplacedRow, workerBlock, workerBlockBytes } from '../../src/table/worker-block.ts';
import { endpointOf, type Setting, topologyOf } from './configuration.ts';
import { Dice } from './dice.ts';
import type { EdgeSite } from './map.ts';
import type { Simulation } from './simulation.ts';
import { passing, type StoreServer, storeBehind } from './stores.ts';

/** The pipelines of the threads of one edge, and the table that they share. */
export type ProductEdge = { readonly threads: readonly Pipeline[]; readonly table: EndpointTable };

/** Work that a check is for an endpoint, beside its way. It is answered by whoever listens, not by the servers. */
const CHECK_MS = 1;
const WALL_MS = 1_800_000_000_000;
const START_WITHIN_MS = 2000;

/**
 * One edge of the product, wired from its own rooms as src/compose wires them, with the world's time for a clock: table, health
 * loops, fleet and the request path of each thread. What is not there is what moves bytes. `servers` are the stores of its
 * fleet, by region.
 */
export async function productEdge(
  world: Simulation,
  site: EdgeSite,
  setting: Setting,
  servers: ReadonlyMap<string, StoreServer>,
): Promise<ProductEdge> {
  const at = world.map.edges.indexOf(site);
  const topology = topologyOf(world.map, site, world.scenario.declared, setting);
  const limits = { rows: world.map.endpoints.length, services: 1, workers: setting.threads };
  const table = EndpointTable.create(0, limits, workerBlockBytes(limits));
  const blocks = table.shared.workers.map((_, worker) => workerBlock(table.shared, worker));
  const rows = new RowKeeper(table, blocks, () => {});
  const placement = rows.place(topology, 0);
  const loops = loopsOf(world, at);
  const pem = { listeners: {}, authorities: {}, clientPairs: {}, fleetAuthorities: {} };
  const control = { table, blocks, rows, loops, metrics: NO_METRICS, current: { topology, pem } };
  const fleet = await createFleet(control, {
    open: (deps) =>
      new RegionalFleet(deps, ({ name }) =>
        storeBehind(servers.get(name) as StoreServer, world, world.map.storeMs.get(`${site.id} ${name}`) as number),
      ),
    wallMs: () => WALL_MS + world.nowMs,
  });
  const health = new HealthMonitor({ ...loops, table, openProber: proberOf(world, at) });
  health.update(topology, placement, { authorities: {}, clientPairs: {} });
  const begin = async (): Promise<void> => {
    await fleet.start();
    health.start();
  };
  // Edges that were all started at one time would do all that they do again and again at one time.
  const startMs = world.scenario.measureFromMs === 0 ? 0 : loops.random() * START_WITHIN_MS;
  world.callAndSettle(startMs, () => void begin());
  const threads = blocks.map((block, thread) => {
    const inForce = worldOf(topology, { placement, nowMs: 0 }, undefined);
    const locator = new Locator(DATABASE, topology.edge.place);
    const path: PathDeps = {
      world: () => inForce,
      locate: (address) => locator.locate(address),
      geo: () => DATABASE,
      live: liveOf(new EndpointTable(table.shared)),
      admission: new Admission(table, block, loops.clock, () => {}),
      block,
      unplacedRow: unplacedRow(limits),
      limits: limitCells(table, block, () => 0),
      clock: loops.clock,
      random: new Dice(world.map.spec.seed, 1000 + at * 64 + thread).next,
      failedOver: () => {},
      panicked: () => {},
      accessLog: undefined,
    };
    return new Pipeline(path, new Attempter(path), new Recorder(path));
  });
  return { threads, table };
}

/** The address of a client of a site, by which the database below knows the country. */
export function addressOf(site: number): string {
  return `11.0.${site >> 8}.${site & 255}`;
}

/** A country database, which knows the clients of a world and nobody else. */
const COUNTRIES = new Map<string, string>();
const DATABASE: GeoDatabase = {
  kind: 'country',
  ipVersion: 4,
  builtAtMs: WALL_MS,
  lookup: (address) => {
    const country = COUNTRIES.get(address);
    return country === undefined ? undefined : { country };
  },
};

/** Has the database know the clients of a world. */
export function settle({ map }: Simulation): void {
  for (const [at, { country }] of map.sites.entries()) COUNTRIES.set(addressOf(at), country);
}

const NO_METRICS = { add: () => {}, readReplicationLags: () => {} };

function loopsOf(world: Simulation, edge: number): LoopDeps {
  return {
    clock: { nowMs: () => world.nowMs },
    sleep: (ms) => passing(world, ms),
    random: new Dice(world.map.spec.seed, 100 + edge).next,
    emit: (event) => emit(world, edge, event),
    signal: new AbortController().signal,
  };
}

function emit(world: Simulation, edge: number, event: Event): void {
  if (event.type === 'loop-failed') throw new Error(`${event.loop}: ${event.error}`);
  world.onEvent?.(edge, event);
}

/** Checks as they go in this world: over the same way as requests, and ended after their time. */
function proberOf(world: Simulation, edge: number): OpenProber {
  const { checksWait, serviceMs } = world.map.layout;
  return ({ url, timeoutMs }) => {
    const endpoint = endpointOf(url.host);
    const origin = world.origins[endpoint] as Simulation['origins'][number];
    return {
      check: async (_, anew = false) => {
        const { trouble } = origin;
        const rttMs = world.jittered(world.rttMs(edge, endpoint));
        const handshakeMs = anew ? world.jittered(world.rttMs(edge, endpoint)) : undefined;
        const latencyMs =
          rttMs +
          CHECK_MS +
          (checksWait ? origin.waitMs(serviceMs) : 0) +
          (trouble.kind === 'slow' ? (trouble.ms ?? 0) : 0);
        const failed = { reachable: false, latencyMs: undefined, connectMs: undefined, status: undefined };
        if (trouble.kind === 'silent' || latencyMs > timeoutMs) {
          await passing(world, timeoutMs);
          return { ...failed, error: `no answer within ${timeoutMs} ms` };
        }
        await passing(world, trouble.kind === 'refused' ? rttMs : (handshakeMs ?? 0) + latencyMs);
        if (trouble.kind === 'refused') return { ...failed, error: 'connection refused' };
        return { reachable: true, latencyMs, connectMs: handshakeMs, handshakeMs, status: 200, error: undefined };
      },
      close: () => {},
    };
  };
}
