import type { Topology } from '../../src/config/topology.ts';
import { limitCells } from '../../src/edge/request/limit-cells.ts';
import { serviceLimits } from '../../src/edge/request/service-limits.ts';
import { ClientShares } from '../../src/fleet/client-shares.ts';
import { type ClientDemand, demandText, readDemand, readTotals, totalsText } from '../../src/fleet/client-text.ts';
import type { FleetDigest, HeardClient } from '../../src/fleet/fleet.ts';
import type { Ways } from './limit-fleet.ts';
import { headOf } from './request.ts';
import { stageOf } from './stage.ts';

/** All edges of a fleet hash clients alike. */
const SEED = 12_345;

/** An edge with its own table, on a clock that all share, whose limits for clients are asked as the request path asks them. */
export function clientEdgeOn(now: { ms: number }, topology: Topology) {
  const stage = stageOf(topology);
  stage.table.live.limitSeed[0] = SEED;
  const file = { topology };
  const shares = new ClientShares({
    table: stage.table,
    topology: () => file.topology,
    placement: () => stage.placement,
    clock: { nowMs: () => now.ms },
  });
  const cells = limitCells(stage.table, stage.blocks[0]!, () => 0.5);
  const limits = serviceLimits(topology.services[0]!, stage.view.slot)!;
  const head = headOf({});
  shares.tell();
  const { live } = stage.table;
  const ask = (clientAddress: string): boolean =>
    limits.admit({ head, clientAddress, startMs: now.ms, bodyBytesMax: 1, held: undefined }, cells) === undefined;
  let place = -1;
  return {
    shares,
    file,
    live,
    /** One request of a client; whether it passed. */
    ask,
    /** So many requests of the only client; how many passed. */
    come(count: number): number {
      let passed = 0;
      for (let left = count; left > 0; left -= 1) passed += ask('192.0.2.1') ? 1 : 0;
      if (place === -1 && count > 0) place = live.clientKey.findIndex((key) => key !== 0);
      return passed;
    },
    /** The part of its limit that it has here: where nothing is written, or it has never come, all. */
    part(): number {
      const share = live.clientShare[place] ?? 0;
      return share === 0 ? 1 : share;
    },
    /** The parts that are in force; a client that has none has all. */
    parts: (): readonly number[] => [...stage.table.live.clientShare].filter((share) => share !== 0),
  };
}

/** What an edge hears when these have told, by way of what travels. */
export function clientsHeardBy(me: number, told: readonly (ClientDemand | undefined)[]): FleetDigest {
  const totals = new Map<number, { demand: number; edges: number }>();
  for (const one of told) {
    for (const [name, demand] of readDemand(demandText(one ?? new Map()))) {
      const total = totals.get(name) ?? { demand: 0, edges: 0 };
      totals.set(name, { demand: total.demand + demand, edges: total.edges + 1 });
    }
  }
  const clients = new Map<number, HeardClient>();
  for (const [name, { demand, edges }] of readTotals(totalsText(totals))) {
    const own = told[me]?.get(name);
    if (own === undefined) clients.set(name, { others: demand, edges });
    else clients.set(name, { own, others: demand - own, edges: edges - 1 });
  }
  const others = told.filter((one, i) => i !== me && one !== undefined).length;
  return { edges: others, endpoints: new Map(), ...(clients.size === 0 ? {} : { clients }) };
}

export type ClientPlay = {
  readonly topology: Topology;
  readonly seconds: number;
  /** How long a step is, in ms; 1 when left out. All moments of `ways` are multiples of it. */
  readonly stepMs?: number;
  /** How often edges report, and the keeper adds up, in ms; 1000 when left out, which is what `ways` speak of. */
  readonly reportMs?: number;
  /** How many requests of a client come to an edge in one step. */
  readonly arrivals: (edge: number, ms: number) => number;
  readonly ways: Ways;
  /** From which second on to which the store is away. */
  readonly away?: readonly [number, number];
};

type Heard = { readonly atMs: number; readonly told: readonly (ClientDemand | undefined)[] };

/** What all edges together let pass of one client in each second, the part of its limit that each edge has then, and its sum in each ms. */
export function playClient(
  count: number,
  { topology, seconds, arrivals, ways, away = [0, 0], stepMs = 1, reportMs = 1000 }: ClientPlay,
) {
  const now = { ms: 0 };
  const edges = Array.from({ length: count }, () => clientEdgeOn(now, topology));
  const stored: (ClientDemand | undefined)[] = edges.map(() => undefined);
  const onTheWay: { atMs: number; edge: number; told: ClientDemand }[] = [];
  const hearing: (Heard | undefined)[] = edges.map(() => undefined);
  let digest = stored.slice();
  const bySecond: number[] = [];
  const byEdge: number[][] = [];
  const sums: number[] = [];
  const parts: number[][] = [];
  let passed = edges.map(() => 0);
  const deliver = (): void => {
    for (let i = onTheWay.length - 1; i >= 0; i -= 1) {
      const { atMs, edge, told } = onTheWay[i]!;
      if (atMs > now.ms) continue;
      stored[edge] = told;
      onTheWay.splice(i, 1);
    }
    for (const [i, heard] of hearing.entries()) {
      if (heard === undefined || heard.atMs > now.ms) continue;
      edges[i]!.shares.take(clientsHeardBy(i, heard.told));
      hearing[i] = undefined;
    }
  };
  const report = (i: number, ms: number): void => {
    const { shares } = edges[i]!;
    const told = shares.tell();
    const second = Math.floor(ms / 1000);
    if (second >= away[0] && second < away[1]) return shares.take({ edges: 0, endpoints: new Map() });
    onTheWay.push({ atMs: ms + ways.delay(), edge: i, told });
    hearing[i] = { atMs: ms + ways.delay(), told: digest };
  };
  for (let ms = 0; ms < seconds * 1000; ms += stepMs) {
    now.ms = ms;
    deliver();
    for (const [i, edge] of edges.entries()) {
      passed[i] = passed[i]! + edge.come(arrivals(i, ms));
      if (ms % reportMs === Math.floor(ways.phases[i]!)) report(i, ms);
    }
    if (ms % reportMs === Math.floor(ways.keeperAt)) digest = stored.slice();
    const isSecond = ms % 1000 === 1000 - stepMs;
    const have = isSecond || ms % 10 === 9 ? edges.map((edge) => edge.part()) : [];
    if (have.length > 0) sums.push(have.reduce((sum, one) => sum + one, 0));
    if (!isSecond) continue;
    parts.push(have);
    byEdge.push(passed);
    bySecond.push(passed.reduce((sum, one) => sum + one, 0));
    passed = edges.map(() => 0);
  }
  return { bySecond, byEdge, sums, parts };
}
