import { limitCells } from '../../src/edge/request/limit-cells.ts';
import { serviceLimits } from '../../src/edge/request/service-limits.ts';
import type { FleetDigest, Seen } from '../../src/fleet/fleet.ts';
import { LimitShares } from '../../src/fleet/limit-shares.ts';
import { headOf } from './request.ts';
import { stageOf } from './stage.ts';
import { threeClouds } from './topology.ts';

export const LIMIT = 1000;
export const LIMITED = threeClouds({ service: `limits: { requests: ${LIMIT}/s, burst: 250 }` });
const SERVICE = LIMITED.services[0]!;
const REPORT_MS = 1000;

export type Report = Map<string, { inFlight: number; seen: Seen }>;

/** An edge with its own table, on a clock that all share, whose limit is asked as the request path asks it. */
export function edgeOn(now: { ms: number }, edges = 1) {
  const stage = stageOf(LIMITED);
  const shares = new LimitShares({
    table: stage.table,
    blocks: stage.blocks,
    topology: () => LIMITED,
    placement: () => stage.placement,
    clock: { nowMs: () => now.ms },
    edges,
  });
  shares.dress(LIMITED, stage.placement);
  const cells = limitCells(stage.table, stage.blocks[0]!, () => 0.5);
  const limits = serviceLimits(SERVICE, stage.view.slot)!;
  const head = headOf({});
  let passed = 0;
  return {
    shares,
    /** So many requests come now. */
    asked(count: number): void {
      for (let i = 0; i < count; i += 1) {
        const request = { head, clientAddress: '192.0.2.1', startMs: now.ms, bodyBytesMax: 1, held: undefined };
        if (limits.admit(request, cells) === undefined) passed += 1;
      }
    },
    passed(): number {
      const count = passed;
      passed = 0;
      return count;
    },
    share: () => shares.shares[0]?.share ?? Number.NaN,
    told(): Report {
      const report: Report = new Map();
      shares.tell(report);
      return report;
    },
  };
}

/** How edges of a fleet hear of each other. All in ms. */
export type Ways = {
  /** When in its second each edge reports. */
  readonly phases: readonly number[];
  /** When in its second the reports that have come are added up. */
  readonly keeperAt: number;
  /** How long something is on the way, each time it is sent; below a second. */
  readonly delay: () => number;
};

export type Play = {
  readonly seconds: number;
  /** How many requests come to an edge in one ms. */
  readonly arrivals: (edge: number, ms: number) => number;
  readonly ways: Ways;
  /** From which second on to which the store is away. */
  readonly away?: readonly [number, number];
};

type Heard = { readonly atMs: number; readonly digest: readonly (Report | undefined)[] };

/** What all edges together let pass in each second; the sum of their shares in each ms; and those at the end. */
export function playFleet(count: number, { seconds, arrivals, ways, away = [0, 0] }: Play) {
  const now = { ms: 0 };
  const edges = Array.from({ length: count }, () => edgeOn(now, count));
  const stored: (Report | undefined)[] = edges.map(() => undefined);
  const onTheWay: { atMs: number; edge: number; report: Report }[] = [];
  const hearing: (Heard | undefined)[] = edges.map(() => undefined);
  let digest = stored.slice();
  const bySecond: number[] = [];
  const sums: number[] = [];
  const deliver = (): void => {
    for (let i = onTheWay.length - 1; i >= 0; i -= 1) {
      const { atMs, edge, report } = onTheWay[i]!;
      if (atMs > now.ms) continue;
      stored[edge] = report;
      onTheWay.splice(i, 1);
    }
    for (const [i, heard] of hearing.entries()) {
      if (heard === undefined || heard.atMs > now.ms) continue;
      edges[i]!.shares.take(heardBy(i, heard.digest));
      hearing[i] = undefined;
    }
  };
  const report = (i: number, gone: boolean): void => {
    const told = edges[i]!.told();
    if (gone) return edges[i]!.shares.take({ edges: 0, endpoints: new Map() });
    onTheWay.push({ atMs: now.ms + ways.delay(), edge: i, report: told });
    hearing[i] = { atMs: now.ms + ways.delay(), digest };
  };
  for (let ms = 0; ms < seconds * 1000; ms += 1) {
    now.ms = ms;
    const second = Math.floor(ms / 1000);
    const gone = second >= away[0] && second < away[1];
    deliver();
    for (const [i, edge] of edges.entries()) {
      edge.asked(arrivals(i, ms));
      if (ms % REPORT_MS === Math.floor(ways.phases[i]!)) report(i, gone);
    }
    if (ms % REPORT_MS === Math.floor(ways.keeperAt)) digest = stored.slice();
    sums.push(edges.reduce((sum, edge) => sum + edge.share(), 0));
    if (ms % 1000 === 999) bySecond.push(edges.reduce((sum, edge) => sum + edge.passed(), 0));
  }
  return { bySecond, sums, shares: edges.map((edge) => edge.share()) };
}

function heardBy(me: number, reports: readonly (Report | undefined)[]): FleetDigest {
  const others = reports.filter((report, i) => i !== me && report !== undefined);
  const inFlight = others.reduce((sum, report) => sum + (report?.get('limit:shop')?.inFlight ?? 0), 0);
  const own = reports[me]?.get('limit:shop')?.inFlight;
  return {
    edges: others.length,
    endpoints: new Map([['limit:shop', { inFlight, up: 0, down: 0, unknown: others.length }]]),
    ...(own === undefined ? {} : { counted: new Map([['limit:shop', own]]) }),
  };
}
