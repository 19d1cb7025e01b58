import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cheapestFlow, type Pipe } from '../../bench/world/flow.ts';
import { assignment, BUSY_MAX } from '../../bench/world/oracle.ts';

const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);

test('a flow takes the cheapest way first, and undoes what stands in the way of a cheaper whole', () => {
  // From 0 to 3. The cheapest way is 0-1-2-3; with both units the middle pipe is not worth it.
  const pipes: Pipe[] = [
    { from: 0, to: 1, most: 1, cost: 1 },
    { from: 0, to: 2, most: 1, cost: 4 },
    { from: 1, to: 2, most: 1, cost: 1 },
    { from: 1, to: 3, most: 1, cost: 4 },
    { from: 2, to: 3, most: 1, cost: 1 },
  ];
  expect([...cheapestFlow(4, pipes, 0, 3)]).toEqual([1, 1, 0, 1, 1]);
  expect([...cheapestFlow(4, [{ from: 0, to: 1, most: 5, cost: 1 }], 0, 3)]).toEqual([0]);
});

test('no other way to fill two places from three is cheaper', () => {
  const wholes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 });
  const costs = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 });
  const rooms = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(wholes, costs, rooms, (supplies, prices, rooms2) => {
      const pipes: Pipe[] = [
        ...supplies.flatMap((_, from) =>
          [0, 1].map((to) => ({ from, to: 3 + to, most: 99, cost: prices[2 * from + to] ?? 0 })),
        ),
        ...supplies.map((most, to) => ({ from: 5, to, most, cost: 0 })),
        ...rooms2.map((most, at) => ({ from: 3 + at, to: 6, most, cost: 0 })),
      ];
      const flows = cheapestFlow(7, pipes, 5, 6).subarray(0, 6);
      const cost = sum(flows.map((flow, at) => flow * (prices[at] ?? 0)));
      const [most, least] = cheapestByTrying(supplies, prices, rooms2);
      expect(sum(flows)).toBeCloseTo(most, 6);
      expect(cost).toBeCloseTo(least, 6);
    }),
  );
});

/** How much can go in all, and what that costs at least: every whole way to do it is tried. */
function cheapestByTrying(supplies: readonly number[], prices: readonly number[], rooms: readonly number[]) {
  const most = Math.min(sum(supplies), sum(rooms));
  let least = Number.POSITIVE_INFINITY;
  const place = (at: number, flows: readonly number[]): void => {
    if (at === supplies.length) {
      const into = [0, 1].map((to) => sum(flows.filter((_, i) => i % 2 === to)));
      const fits = into.every((flow, to) => flow <= (rooms[to] ?? 0));
      if (fits && sum(flows) === most) least = Math.min(least, sum(flows.map((flow, i) => flow * (prices[i] ?? 0))));
      return;
    }
    for (let one = 0; one <= (supplies[at] ?? 0); one += 1) {
      for (let other = 0; one + other <= (supplies[at] ?? 0); other += 1) place(at + 1, [...flows, one, other]);
    }
  };
  place(0, []);
  return [most, least] as const;
}

test('the oracle sends near as long as there is room, then where the way and the wait cost least, and refuses what is too much', () => {
  const costMs = Float64Array.of(5, 100, 100, 5);
  const sites = [
    { servers: 10, serviceMs: 30, usable: true },
    { servers: 10, serviceMs: 30, usable: true },
  ];
  const calm = assignment(costMs, Float64Array.of(200, 100), sites);
  expect(Array.from(calm, Math.round)).toEqual([200, 0, 0, 100, 0, 0]);
  const mostEach = (10 * BUSY_MAX * 1000) / 30;
  const busy = assignment(costMs, Float64Array.of(400, 100), sites);
  expect(busy[0]).toBeLessThanOrEqual(mostEach + 1e-6);
  expect((busy[0] ?? 0) + (busy[1] ?? 0)).toBeCloseTo(400, 6);
  expect(busy[1]).toBeGreaterThan(400 - mostEach - 1e-6);
  const full = assignment(costMs, Float64Array.of(500, 500), sites);
  expect((full[4] ?? 0) + (full[5] ?? 0)).toBeCloseTo(1000 - 2 * mostEach, 6);
});

test('the oracle sends nothing to what cannot be used', () => {
  const sites = [
    { servers: 10, serviceMs: 30, usable: false },
    { servers: 10, serviceMs: 30, usable: true },
  ];
  const flows = assignment(Float64Array.of(1, 50), Float64Array.of(100), sites);
  expect(Array.from(flows, Math.round)).toEqual([0, 100, 0]);
});
