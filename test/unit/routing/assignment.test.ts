import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cheapestFlow, type Pipe } from '../../../bench/world/flow.ts';
import { assign, type Origin, type Site } from '../../../src/routing/assignment.ts';
import { BUSY_MAX, WaitPrice } from '../../../src/routing/wait-price.ts';

const SERVICE_MS = 30;
const STEPS = 60;

function siteOf(servers: number): Site {
  return { rate: (servers * 1000) / SERVICE_MS, serviceMs: SERVICE_MS, price: WaitPrice.of(servers) };
}

function solved(origins: readonly Origin[], sites: readonly Site[]): Float64Array {
  const flows = new Float64Array(origins.length * sites.length);
  assign(origins, sites, flows);
  return flows;
}

/** What ways and waits come to, in request-ms a second; prices added up over what flows. */
function costOf(origins: readonly Origin[], sites: readonly Site[], flows: Float64Array): number {
  let cost = 0;
  for (const [to, { rate, price, serviceMs }] of sites.entries()) {
    let flow = 0;
    for (const [at, { wayMs }] of origins.entries()) {
      const part = flows[at * sites.length + to] as number;
      flow += part;
      if (part > 0) cost += part * (wayMs[to] as number);
    }
    for (let step = 0; step < 400; step += 1) {
      cost += (flow / 400) * serviceMs * price.priceAt(((step + 0.5) * flow) / 400 / rate);
    }
  }
  return cost;
}

/** The same by successive shortest paths, with prices in steps. */
function bySteps(origins: readonly Origin[], sites: readonly Site[]): Float64Array {
  const [from, to] = [origins.length, sites.length];
  const pipes: Pipe[] = origins.flatMap(({ wayMs }, at) =>
    Array.from(wayMs, (cost, site) => ({ from: at, to: from + site, most: Number.POSITIVE_INFINITY, cost })),
  );
  for (const [at, { rate }] of origins.entries()) pipes.push({ from: from + to, to: at, most: rate, cost: 0 });
  for (const [at, { rate, price }] of sites.entries()) {
    for (let step = 0; step < STEPS; step += 1) {
      const cost = SERVICE_MS * price.priceAt(((step + 0.5) * BUSY_MAX) / STEPS);
      pipes.push({ from: from + at, to: from + to + 1, most: (rate * BUSY_MAX) / STEPS, cost });
    }
  }
  return cheapestFlow(from + to + 2, pipes, from + to, from + to + 1).subarray(0, from * to);
}

test('the nearest while there is room, and then where way and wait together are the least', () => {
  const sites = [siteOf(10), siteOf(10)];
  const calm = solved([{ rate: 150, wayMs: Float64Array.of(5, 100) }], sites);
  expect(Array.from(calm, Math.round)).toEqual([150, 0]);
  const busy = solved([{ rate: 400, wayMs: Float64Array.of(5, 100) }], sites);
  expect((busy[0] ?? 0) + (busy[1] ?? 0)).toBeCloseTo(400, 6);
  expect(busy[0]).toBeLessThan(sites[0]?.rate ?? 0);
  expect(busy[0]).toBeGreaterThan(0.8 * (sites[0]?.rate ?? 0));
});

test('too much for all is shared by all', () => {
  const flows = solved([{ rate: 2000, wayMs: Float64Array.of(5, 100) }], [siteOf(10), siteOf(20)]);
  expect((flows[1] ?? 0) / (flows[0] ?? 1)).toBeCloseTo(2, 1);
});

test('nothing goes where nobody may be sent, and an origin that may be sent nowhere sends nothing', () => {
  const never = Number.POSITIVE_INFINITY;
  const origins = [
    { rate: 100, wayMs: Float64Array.of(never, 50) },
    { rate: 100, wayMs: Float64Array.of(never, never) },
  ];
  expect(Array.from(solved(origins, [siteOf(9), siteOf(9)]), Math.round)).toEqual([0, 100, 0, 0]);
});

test('it is as cheap as successive shortest paths find it', () => {
  const way = fc.integer({ min: 1, max: 300 });
  const shape = fc.record({
    ways: fc.array(fc.array(way, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    servers: fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 4, maxLength: 4 }),
    load: fc.double({ min: 0.1, max: 0.92, noNaN: true }),
  });
  fc.assert(
    fc.property(shape, ({ ways, servers, load }) => {
      const sites = servers.map(siteOf);
      const rate = (load * sites.reduce((sum, site) => sum + site.rate, 0)) / ways.length;
      const origins = ways.map((wayMs) => ({ rate, wayMs: Float64Array.from(wayMs) }));
      const flows = solved(origins, sites);
      for (const [at] of origins.entries()) {
        const sent = flows.subarray(at * 4, at * 4 + 4).reduce((sum, flow) => sum + flow, 0);
        expect(sent).toBeCloseTo(rate, 3);
      }
      const best = costOf(origins, sites, bySteps(origins, sites));
      expect(costOf(origins, sites, flows)).toBeLessThan(best * 1.1 + 1);
    }),
    { numRuns: 60 },
  );
});

test('what a site keeps for others is not taken, and where all is kept what there is', () => {
  const sites = [siteOf(10), siteOf(10)];
  const upTo = Float64Array.of(0.5, Number.POSITIVE_INFINITY);
  const half = 0.5 * (sites[0] as Site).rate;
  const home = (rate: number) => ({ rate, wayMs: Float64Array.of(5, Number.POSITIVE_INFINITY) });
  const others: Origin = { rate: 250, wayMs: Float64Array.of(50, 120), upTo };
  const [quiet0, , quiet2, quiet3] = solved([home(50), others], sites);
  expect(quiet0).toBeCloseTo(50);
  expect(quiet2).toBeCloseTo(half - 50, 3);
  expect((quiet2 ?? 0) + (quiet3 ?? 0)).toBeCloseTo(250, 3);
  const [, , busy2, busy3] = solved([home(200), others], sites);
  expect([busy2, busy3]).toEqual([0, expect.closeTo(250, 3)]);
  const nowhere: Origin = { ...others, wayMs: Float64Array.of(50, Number.POSITIVE_INFINITY) };
  expect(solved([nowhere], sites)[0]).toBeCloseTo(half, 3);
  expect(solved([home(200), nowhere], sites)[2]).toBe(0);
});

test('a bound never brings more to a site than it says, whatever the ways and rates', () => {
  const origin = fc.record({
    rate: fc.integer({ min: 1, max: 500 }),
    ways: fc.tuple(fc.nat(200), fc.nat(200), fc.nat(200)),
    upTo: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)),
  });
  fc.assert(
    fc.property(fc.array(origin, { minLength: 1, maxLength: 4 }), (from) => {
      const sites = [siteOf(4), siteOf(10), siteOf(6)];
      const origins = from.map(
        ({ rate, ways, upTo }): Origin => ({
          rate,
          wayMs: Float64Array.from(ways),
          upTo: Float64Array.from(upTo, (part) => part / 20),
        }),
      );
      const flows = solved(origins, sites);
      const most = Math.max(...from.flatMap(({ upTo }) => upTo)) / 20;
      for (const [to, site] of sites.entries()) {
        const sum = origins.reduce((all, _, at) => all + (flows[at * sites.length + to] as number), 0);
        expect(sum).toBeLessThanOrEqual(most * site.rate + 1e-6);
      }
      for (const [at, { rate }] of origins.entries()) {
        const own = flows.subarray(at * sites.length, (at + 1) * sites.length);
        expect(own.reduce((all, flow) => all + flow, 0)).toBeLessThanOrEqual(rate + 1e-6);
      }
    }),
    { numRuns: 200 },
  );
});
