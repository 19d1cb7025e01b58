import type { Server } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { ownEntry } from '../../config/own-entry.ts';
import type { Topology } from '../../config/topology.ts';
import { Locator } from '../../geo/locate.ts';
import type { GeoDatabase } from '../../geo/maxmind.ts';
import { Admission } from '../../resilience/admission.ts';
import { liveOf } from '../../routing/ask.ts';
import type { AccessRecord } from '../../table/access-record.ts';
import type { AddressBook } from '../../table/addresses.ts';
import type { Challenges } from '../../table/challenges.ts';
import type { Clock, Random } from '../../table/clock.ts';
import { EndpointTable, type SharedTable } from '../../table/endpoint-table.ts';
import type { Emit } from '../../table/event.ts';
import type { FaultPlanner } from '../../table/fault-plan.ts';
import { wallClockMs } from '../../table/system-clock.ts';
import { unplacedRow, type WorkerBlock, workerBlock } from '../../table/worker-block.ts';
import { AheadBytes } from '../client/ahead-bytes.ts';
import { type FastifyEngine, fastifyEngine } from '../general/fastify.ts';
import type { H2 } from '../h2/h2.ts';
import { Ladders, type Purge, readyForLadders } from '../ladder/ladders.ts';
import { Attempter } from '../request/attempter.ts';
import { type EdgeAnswer, edgeAnswer } from '../request/challenge-answer.ts';
import { healthAnswer } from '../request/health-answer.ts';
import { limitCells } from '../request/limit-cells.ts';
import type { PathDeps } from '../request/path-deps.ts';
import { Pipeline } from '../request/pipeline.ts';
import { Recorder } from '../request/recorder.ts';
import { worldOf } from '../request/world.ts';
import { OpenTunnels } from '../tunnel/open-tunnels.ts';
import { onUpgrade, type UpgradeDeps } from '../upgrade/upgrade.ts';
import { Mirrors } from '../upstream/mirrors.ts';
import type { Reach } from '../upstream/reach.ts';
import type { Wire } from '../wire/wire.ts';
import { writeCacheLevels } from './cache-levels.ts';
import { connectionBug } from './connection-bug.ts';
import { ConnectionRate } from './connection-rate.ts';
import type { Deployment } from './deployment.ts';
import type { Door } from './door.ts';
import { doorsOf } from './doors.ts';
import { h2Front, type Now, wireFront } from './fronts.ts';
import { Gate } from './gate.ts';
import { clientIdleMs, httpServer, setTimeouts } from './http-server.ts';
import { type Listener, listener } from './listener.ts';
import { followListeners } from './listener-tls.ts';
import { RareEvents } from './rare-events.ts';
import { Upstreams, type UpstreamsDeps } from './upstreams.ts';
import { bodySweeper } from './v8-sweep.ts';

export type EdgeDeps = {
  readonly shared: SharedTable;
  /** Which worker block is this thread's. */
  readonly worker: number;
  readonly deployment: Deployment;
  readonly geo: GeoDatabase;
  readonly clock: Clock;
  /** The wall clock when `clock` was at 0; taken now when it is left out. */
  readonly wallOriginMs?: number;
  readonly random: Random;
  readonly emit: Emit;
  readonly accessLog: ((record: AccessRecord) => void) | undefined;
  readonly chaos?: FaultPlanner | undefined;
};

/** One edge thread: the request path with all that it holds. */
export type Edge = {
  readonly listener: Listener;
  /** Loads what this topology needs and the ones before it did not: to be waited for before `deploy`. Undefined: nothing to wait for. */
  readonly prepare: (topology: Topology) => Promise<void> | undefined;
  /** Takes another topology: one reference is swapped; what is in flight finishes under the old one. */
  readonly deploy: (deployment: Deployment) => void;
  /** Names lead to other addresses now; nothing else has changed, and nothing else is thrown away. */
  readonly setAddresses: (addresses: AddressBook) => void;
  /** These challenges of authorities are open; undefined: none is. */
  readonly setChallenges: (challenges: Challenges | undefined) => void;
  readonly swapGeo: (database: GeoDatabase) => void;
  /** Forgets copies of a service's answers. Undefined when that is done; else why it is not. */
  readonly purge: (purge: Purge) => Promise<string | undefined>;
  /** What has happened since the last call and is too rare to count in the table: emitted and forgotten. Levels are written anew. */
  readonly flush: () => void;
  readonly close: () => Promise<void>;
};

/** Makes what one edge thread needs to serve, from what the control thread has given it; nothing listens yet. */
export async function createEdge(deps: EdgeDeps): Promise<Edge> {
  const { clock, random } = deps;
  await readyForLadders(deps.deployment.topology);
  const block = workerBlock(deps.shared, deps.worker);
  const rare = new RareEvents(deps.emit, clock);
  const tunnels = new OpenTunnels();
  const now = holding(deps);
  const path = pathDeps(deps, { now, rare, block });
  const recorder = new Recorder(path);
  const pipeline = new Pipeline(path, new Attempter(path), recorder);
  const faulted = (error: unknown) => deps.emit(connectionBug(error));
  const upstreams = upstreamsOf(deps, now, { faulted, recorder });
  const mirrors = new Mirrors({ ...path, pools: upstreams.pools, deadlines: upstreams.deadlines });
  const ahead = new AheadBytes();
  const ladders = laddersOf(deps);
  const refused = () => recorder.count('bad-request');
  const live = { draining: () => door.draining, pseudonym: () => now.world.pseudonym };
  const idleMs = () => clientIdleMs(now.deployment.topology);
  const limits = () => now.deployment.topology.edge;
  const edgeAnswer = answerOf(deps, now);
  const shared = { ...live, pipeline, mirrors, edgeAnswer, passed: bodySweeper(), refused, faulted, ahead, random };
  const engine = await fastifyEngine({
    ...shared,
    ladders,
    keepAliveMs: () => limits().keepAliveMs,
    out: {
      pipeline,
      pools: upstreams.pools,
      deadlines: upstreams.deadlines,
      mirrors,
      clientIdleMs: idleMs,
      passed: shared.passed,
      faulted,
    },
    server: (onRequest) => httpServer(now.deployment.topology, onRequest),
  });
  const wire = wireFront(deps, { ...shared, engine, now, upstreams, recorder });
  const gate = new Gate({ limits, dropped: rare.dropped.bind(rare) });
  const rate = new ConnectionRate({
    cells: path.limits,
    clock,
    limit: () => limits().connectionLimit,
    trusted: () => now.world.trust,
  });
  const h2 = h2Front(deps, { ...shared, engine, now, upstreams, tunnels });
  const behind = { gate, rate, wire, h2, server: engine.server, redirects: shared, rare };
  const { doors, servers, closeIdle } = doorsOf(now, behind);
  const door = listener({ doors, closeIdle, tunnels, block, gate, http2: h2 });
  const tunnel = { deadlines: upstreams.deadlines, tunnels };
  listenForUpgrades(engine.server, { ...shared, take: engine.take, tunnel, clientIdleMs: idleMs });
  const fronts = [wire, h2];
  return handleOf({ now, clock, rare, block, engine, servers, fronts, gate, doors, door, upstreams, ladders });
}

type Parts = {
  readonly now: Now;
  readonly clock: Clock;
  readonly rare: RareEvents;
  readonly block: WorkerBlock;
  readonly engine: FastifyEngine;
  /** That of the engine, and those of listeners that redirect. */
  readonly servers: readonly Server[];
  readonly fronts: readonly Pick<Wire | H2, 'close'>[];
  readonly gate: Gate;
  readonly doors: readonly Door[];
  readonly door: Listener;
  readonly upstreams: Upstreams;
  readonly ladders: Ladders;
};

/** What the thread does with its edge. */
function handleOf({
  now,
  clock,
  rare,
  block,
  engine,
  servers,
  fronts,
  gate,
  doors,
  door,
  upstreams,
  ladders,
}: Parts): Edge {
  return {
    listener: door,
    prepare: readyForLadders,
    deploy: (next) => {
      for (const server of servers) setTimeouts(server, next.topology);
      followListeners(doors, now.deployment, next);
      deployTo(now, next, clock.nowMs());
      gate.follow();
      upstreams.follow(next);
      ladders.keepOnly(next.topology);
    },
    setAddresses: (addresses) => {
      now.deployment = { ...now.deployment, addresses };
      upstreams.drain();
    },
    setChallenges: (challenges) => {
      now.deployment = { ...now.deployment, challenges };
      for (const one of doors) one.prove(challenges);
    },
    swapGeo: (database) => {
      now.geo = database;
      now.locator.swap(database);
    },
    purge: (purge) => ladders.purge(purge),
    flush: () => {
      rare.flush();
      for (const [service, ladder] of ladders.all) writeCacheLevels(ladder, slotOf(now, service), block);
    },
    close: async () => {
      rare.flush();
      for (const front of fronts) front.close();
      await engine.close();
      upstreams.destroy();
      await ladders.close();
    },
  };
}

function answerOf({ shared }: EdgeDeps, now: Now): EdgeAnswer {
  const health = healthAnswer(() => now.deployment.topology.edge.healthPath, new EndpointTable(shared).live.serving);
  return edgeAnswer(() => now.deployment.challenges?.tokens, health);
}

function listenForUpgrades(server: Server, deps: UpgradeDeps): void {
  server.on('upgrade', (request, socket, head) => onUpgrade(deps, request, socket as never, head));
}

function upstreamsOf(
  { clock, random }: EdgeDeps,
  now: Now,
  { faulted, recorder }: Pick<UpstreamsDeps, 'faulted'> & { readonly recorder: Recorder },
): Upstreams {
  const reach: Reach = {
    addresses: (id) => ownEntry(now.deployment.addresses, id),
    authorities: (holder) => ownEntry(now.deployment.authorities, holder),
    clientPair: (holder) => ownEntry(now.deployment.clientPairs, holder),
  };
  const connected: UpstreamsDeps['connected'] = (service, connectMs, tlsMs) =>
    recorder.connected(slotOf(now, service), connectMs, tlsMs);
  return new Upstreams({ reach, clock, random, faulted, connected }, now.deployment);
}

/** The slot of a service; undefined for one that a reload has dropped. */
function slotOf({ deployment }: Now, service: string): number | undefined {
  return ownEntry(deployment.placement.slots, service);
}

function deployTo(now: Now, next: Deployment, nowMs: number): void {
  const { topology, placement } = now.deployment;
  now.deployment = next;
  if (next.topology === topology && next.placement === placement) return;
  now.world = worldOf(next.topology, { placement: next.placement, nowMs, flags: now.world.flags }, now.world);
  // What it remembers of addresses stays true unless the edge itself has moved.
  if (isDeepStrictEqual(next.topology.edge.place, topology.edge.place)) return;
  now.locator = new Locator(now.geo, next.topology.edge.place);
}

function holding({ deployment, geo, clock, shared }: EdgeDeps): Now {
  const { topology, placement } = deployment;
  return {
    deployment,
    world: worldOf(
      topology,
      { placement, nowMs: clock.nowMs(), flags: new EndpointTable(shared).live.flags },
      undefined,
    ),
    geo,
    locator: new Locator(geo, topology.edge.place),
  };
}

/** Ages of copies are by the wall clock as it was when the edge began, so that no jump of it makes them old or young. */
function laddersOf({ shared, clock, emit, deployment, wallOriginMs }: EdgeDeps): Ladders {
  const apartMs = wallOriginMs ?? wallClockMs() - clock.nowMs();
  const deps = {
    threads: shared.limits.workers,
    wallMs: () => clock.nowMs() + apartMs,
    storeFailed: (service: string, error: string) => emit({ type: 'cache-failed', service, error }),
  };
  return new Ladders(deps, deployment.topology);
}

function pathDeps(
  { shared, clock, random, accessLog, chaos }: EdgeDeps,
  { now, rare, block }: { readonly now: Now; readonly rare: RareEvents; readonly block: WorkerBlock },
): PathDeps {
  const table = new EndpointTable(shared);
  return {
    world: () => now.world,
    locate: (address) => now.locator.locate(address),
    geo: () => now.geo,
    live: liveOf(table),
    admission: new Admission(table, block, clock, (target, scope, move, met) =>
      rare.breakerMoved(now.deployment, target, { scope, move, met }),
    ),
    block,
    unplacedRow: unplacedRow(shared.limits),
    limits: limitCells(table, block, random),
    clock,
    random,
    chaos,
    failedOver: (from, to, reason) => rare.failedOver(from.region, to.region, reason),
    shortOf: (code) => rare.shortOf(code),
    panicked: (service) => rare.panicked(service),
    degraded: (service, source, quality) => rare.degraded(service, source, quality),
    accessLog,
  };
}
