import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/routing/ask.ts';
import { priorityOf } from '../../../src/routing/priorities.ts';
import { isPanic, NOBODY, scoreOf, select } from '../../../src/routing/select.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const [AWS, GCP, AZURE] = [0, 1, 2];
let stage = stageOf(threeClouds());

beforeEach(() => {
  stage = stageOf(threeClouds());
});

/** The position chosen when the endpoints are so far away. */
function chosen(ms: readonly number[] | number, more: Partial<Ask> = {}, on: Stage = stage): number {
  return select(on.view, on.live, askOf(on.view, ms, more));
}

/** How often each position is chosen over `draws` evenly spread draws. */
function spread(on: Stage, ms: readonly number[] | number, draws: number): number[] {
  const counts = on.view.service.endpoints.map(() => 0);
  const ask = askOf(on.view, ms);
  for (let i = 0; i < draws; i += 1) {
    ask.draw = (i + 0.5) / draws;
    const at = select(on.view, on.live, ask);
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

describe('the score', () => {
  test.each([
    ['latency', 0.5 * 0.75 + 0.2 * 0.6 + 0.25 * 0.9 + 0.05 * 0.7],
    ['reliability', 0.1 * 0.75 + 0.3 * 0.6 + 0.4 * 0.9 + 0.2 * 0.7],
    ['balanced', 0.3 * 0.75 + 0.25 * 0.6 + 0.3 * 0.9 + 0.15 * 0.7],
  ])('%s: the factors by the published weights', (name, expected) => {
    const { view, live, table } = stage;
    table.live.inFlight[GCP] = 40;
    table.live.health[GCP] = 0.9;
    const shares = Float64Array.of(0.5, 0.3, 0.2);
    const ask = askOf(view, 50, { weights: priorityOf(view, name).weights, shares });
    expect(scoreOf(view, GCP, live, ask)).toBeCloseTo(expected, 12);
  });

  test('is at most 1, and at least 0 where nobody has more than it is built for', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const name = fc.constantFrom('latency', 'reliability', 'balanced');
    fc.assert(
      fc.property(name, fc.double({ min: 0, max: 1e4, noNaN: true }), fc.nat(100), share, share, (p, ms, n, h, s) => {
        const { view, live, table } = stage;
        table.live.inFlight[AWS] = n;
        table.live.health[AWS] = h;
        const ask = askOf(view, ms, { weights: priorityOf(view, p).weights, shares: Float64Array.of(s, 0, 0) });
        const score = scoreOf(view, AWS, live, ask);
        expect(score).toBeGreaterThanOrEqual(-1e-12);
        expect(score).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('who is chosen', () => {
  test('the highest score', () => {
    expect(chosen([80, 20, 150])).toBe(GCP);
    stage.table.live.inFlight[GCP] = 90;
    expect(chosen([80, 20, 150])).toBe(AWS);
  });

  test('an endpoint in a better tier, however low its score', () => {
    const { live } = stage.table;
    live.state[AWS] = HEALTH_STATE.degraded;
    live.state[GCP] = HEALTH_STATE.unknown;
    expect(chosen([1, 1, 900])).toBe(AZURE);
    live.state[AZURE] = HEALTH_STATE.degraded;
    expect(chosen([1, 900, 1])).toBe(GCP);
    live.drained[GCP] = 1;
    expect(chosen([1, 1, 900])).toBe(AWS);
  });

  test('a full one only when all are full', () => {
    stage.table.live.inFlight[AWS] = 300;
    expect(chosen([1, 199, 199])).not.toBe(AWS);
    stage.table.live.inFlight.fill(300, 0, 3);
    expect(chosen([1, 199, 199])).toBe(AWS);
    expect(isPanic(stage.view, AWS)).toBe(false);
  });

  test('a full one rather than a degraded one', () => {
    stage.table.live.inFlight.fill(300, 0, 3);
    stage.table.live.state[AWS] = HEALTH_STATE.degraded;
    stage.table.live.inFlight[AWS] = 0;
    expect(chosen([1, 100, 199])).toBe(GCP);
  });

  test('of two that have more than they are built for, the one that has less of it, though it is farther', () => {
    stage.table.live.inFlight.set([190, 120, 220]);
    expect(chosen([10, 60, 60])).toBe(GCP);
  });

  test('one whose health is below one half only in panic', () => {
    stage.table.live.health[AWS] = 0.49;
    expect(chosen([1, 199, 199])).not.toBe(AWS);
    stage.table.live.health.fill(0.49, 0, 3);
    expect(chosen([1, 199, 199])).toBe(AWS);
    expect(isPanic(stage.view, AWS)).toBe(true);
  });

  test('a drained or tried one never, not even in panic', () => {
    stage.table.live.state.fill(HEALTH_STATE.unhealthy, 0, 3);
    stage.table.live.drained[AWS] = 1;
    expect(chosen([1, 50, 90], { tried: [GCP] })).toBe(AZURE);
    expect(chosen([1, 50, 90], { tried: [GCP, AZURE] })).toBe(NOBODY);
    stage.table.live.drained.fill(1, 0, 3);
    expect(chosen(1)).toBe(NOBODY);
  });
});

describe('in panic', () => {
  test('those whose checks pass share the requests evenly: who has been repaired is found out by requests alone', () => {
    const { live } = stage.table;
    live.state.fill(HEALTH_STATE.unhealthy, 0, 3);
    live.checksGood.fill(1, 0, 3);
    live.health.set([0, 0.4, 0]);
    expect(spread(stage, [1, 80, 150], 900)).toEqual([300, 300, 300]);
    expect(isPanic(stage.view, AZURE)).toBe(true);
  });

  test('one whose checks fail comes after them', () => {
    const { live } = stage.table;
    live.state.fill(HEALTH_STATE.unhealthy, 0, 3);
    live.checksGood[AZURE] = 1;
    expect(spread(stage, [1, 80, 150], 300)).toEqual([0, 0, 300]);
    expect(chosen([1, 80, 150], { tried: [AZURE] })).toBe(AWS);
  });
});

describe('at the start', () => {
  test('whoever happens to be checked first is no better than the others', () => {
    const { live } = stage.table;
    live.starting[stage.view.slot] = 1;
    live.state.fill(HEALTH_STATE.unknown, 0, 3);
    live.health.fill(0.5, 0, 3);
    live.state[AZURE] = HEALTH_STATE.healthy;
    live.health[AZURE] = 0.97;
    expect(spread(stage, 10, 900)).toEqual([300, 300, 300]);
    expect(chosen([1, 80, 150])).toBe(AWS);
    live.starting[stage.view.slot] = 0;
    expect(chosen([1, 80, 150])).toBe(AZURE);
  });

  test('one that is found to be down is out at once', () => {
    const { live } = stage.table;
    live.starting[stage.view.slot] = 1;
    live.state.fill(HEALTH_STATE.unknown, 0, 3);
    live.state[AWS] = HEALTH_STATE.unhealthy;
    expect(chosen([1, 80, 150])).toBe(GCP);
  });
});

describe('failing over', () => {
  test('goes to another cloud, though a neighbour has the better score', () => {
    const on = stageOf(threeClouds({ each: 2 }));
    expect(chosen([1, 1, 150, 150, 190, 190], { tried: [0] }, on)).toBe(2);
    expect(chosen([1, 1, 150, 150, 190, 190], { tried: [0, 2] }, on)).toBe(4);
    expect(chosen([1, 1, 150, 150, 190, 190], { tried: [0, 2, 4] }, on)).toBe(1);
  });

  test('goes to the same cloud rather than to one that is worse off', () => {
    const on = stageOf(threeClouds({ each: 2 }));
    for (const at of [2, 3, 4, 5]) on.table.live.state[at] = HEALTH_STATE.degraded;
    expect(chosen(10, { tried: [0] }, on)).toBe(1);
  });

  test('in the fixed order, when the file names one', () => {
    const on = stageOf(threeClouds({ service: 'routing: { failover: [aws, gcp, azure] }' }));
    expect(chosen([190, 150, 1], {}, on)).toBe(AZURE);
    expect(chosen([190, 150, 1], { tried: [AZURE] }, on)).toBe(AWS);
    expect(chosen([190, 150, 1], { tried: [AZURE, AWS] }, on)).toBe(GCP);
    expect(chosen([190, 1, 50], { tried: [AWS] }, on)).toBe(GCP);
    expect(chosen([190, 150, 1], { tried: [AWS] }, on)).toBe(GCP);
  });
});

describe('ties', () => {
  test('within the band are spread evenly', () => {
    // 6 ms are 0.009 of a balanced score, 8 ms are 0.012; the band is 0.01.
    expect(spread(stage, [10, 16, 18], 1000)).toEqual([500, 500, 0]);
    const counts = spread(stageOf(threeClouds({ each: 3 })), 10, 9000);
    expect(counts).toEqual(counts.map(() => 1000));
  });

  test('a band of 0 leaves only the very best', () => {
    expect(spread(stageOf(threeClouds({ service: 'routing: { band: 0 }' })), [10, 10.5, 10], 100)).toEqual([50, 0, 50]);
  });

  test('the last draw below 1 has somebody', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.boolean(), (each, weighted) => {
        const on = stageOf(threeClouds({ each, service: weighted ? 'routing: { select: weighted }' : '' }));
        expect(chosen(10, { draw: 1 - 2 ** -53 }, on)).toBe(3 * each - 1);
      }),
    );
  });
});

test('weighted: in proportion to 1 / (ms + 1), in the first tier only', () => {
  const on = stageOf(threeClouds({ service: 'routing: { select: weighted }' }));
  // 1/10, 1/20 and 1/40: as 4 to 2 to 1.
  const counts = spread(on, [9, 19, 39], 70_000);
  for (const [at, expected] of [40_000, 20_000, 10_000].entries()) {
    expect(Math.abs((counts[at] as number) - expected)).toBeLessThanOrEqual(1);
  }
  on.table.live.state[AWS] = HEALTH_STATE.degraded;
  const without = spread(on, [9, 19, 39], 3000);
  expect(without[AWS]).toBe(0);
  expect(Math.abs((without[GCP] as number) - 2000)).toBeLessThanOrEqual(1);
});

test('by chance, too: a thousand seeded draws among equals pass a chi-square test', () => {
  // A generator of its own, since fast-check's doubles are made to lie at the edges.
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i += 1) {
    const at = chosen(10, { draw: random() });
    counts[at] = (counts[at] as number) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  // 13.8 is exceeded once in a thousand times with two degrees of freedom.
  expect(chiSquare).toBeLessThan(13.8);
});

describe('diversity', () => {
  const crowded = Float64Array.of(1, 0, 0);
  const weights = (name: string) => priorityOf(stage.view, name).weights;

  test.each([
    ['latency', 0.9, 1.1],
    ['balanced', 4.9, 10],
    ['reliability', 19.9, 20.1],
  ])('%s: it decides among those that are near, and sends nobody farther', (name, near, far) => {
    const more = { weights: weights(name), shares: crowded };
    // Without the band, within which all are a tie anyway.
    const on = stageOf(threeClouds({ service: 'routing: { band: 0 }' }));
    expect(chosen([10, 10 + near, 150], more, on)).toBe(GCP);
    expect(chosen([10, 10 + far, 150], more, on)).toBe(AWS);
  });

  test('it decides among those whose scores are as good, however far they are', () => {
    stage.table.live.inFlight.set([60, 0, 0]);
    expect(chosen([10, 110, 300], { shares: crowded })).toBe(GCP);
  });

  test('a check that failed once does not make it send farther', () => {
    stage.table.live.health[AWS] = 0.9;
    expect(chosen([10, 45, 150], { shares: crowded })).toBe(AWS);
  });
});

test('equals get what they are built for', () => {
  stage.table.live.capacity[AWS] = 300;
  expect(spread(stage, 10, 1000)).toEqual([600, 200, 200]);
});

describe("an operator's weight", () => {
  /** How often each position is chosen over evenly spread draws of the share. */
  function shares(on: Stage, ms: readonly number[], draws = 1000): number[] {
    const counts = on.view.service.endpoints.map(() => 0);
    for (let i = 0; i < draws; i += 1) {
      const at = select(on.view, on.live, askOf(on.view, ms, { share: i / draws }));
      counts[at] = (counts[at] as number) + 1;
    }
    return counts;
  }

  test('leaves an endpoint that share of the requests it would have had', () => {
    stage.table.live.weight[AWS] = 0.1;
    expect(shares(stage, [1, 80, 150])).toEqual([100, 900, 0]);
    stage.table.live.weight[GCP] = 0.5;
    expect(shares(stage, [1, 80, 150])).toEqual([100, 400, 500]);
  });

  test('does not send anybody to an endpoint in a worse tier', () => {
    stage.table.live.weight[AWS] = 0.1;
    stage.table.live.state.fill(HEALTH_STATE.degraded, GCP, AZURE + 1);
    expect(shares(stage, [1, 80, 150])).toEqual([1000, 0, 0]);
  });

  test('holds among endpoints that are all unknown, degraded or tried in panic', () => {
    for (const state of [HEALTH_STATE.unknown, HEALTH_STATE.degraded, HEALTH_STATE.unhealthy]) {
      stage.table.live.state.fill(state, AWS, AZURE + 1);
      stage.table.live.weight[AWS] = 0.1;
      expect(shares(stage, [1, 80, 150])).toEqual([100, 900, 0]);
    }
  });

  test('goes before the order of clouds on a failover, and leaves the drained and the tried out', () => {
    const ordered = stageOf(threeClouds({ service: 'routing: { failover: [aws, gcp, azure] }' }));
    ordered.table.live.weight[GCP] = 0.5;
    expect(chosen([1, 1, 1], { tried: [AWS], share: 0.4 }, ordered)).toBe(GCP);
    expect(chosen([1, 1, 1], { tried: [AWS], share: 0.6 }, ordered)).toBe(AZURE);
    ordered.table.live.drained[AZURE] = 1;
    expect(chosen([1, 1, 1], { tried: [AWS], share: 0.6 }, ordered)).toBe(GCP);
    expect(chosen([1, 1, 1], { tried: [AWS, GCP], share: 0.6 }, ordered)).toBe(NOBODY);
  });

  test('counts in a weighted draw too', () => {
    const weighted = stageOf(threeClouds({ service: 'routing: { select: weighted }' }));
    weighted.table.live.weight[AWS] = 0.5;
    expect(chosen([1, 80, 150], { share: 0.4, draw: 0 }, weighted)).toBe(AWS);
    expect(chosen([1, 80, 150], { share: 0.6, draw: 0 }, weighted)).toBe(GCP);
  });
});

test('requests of other edges fill an endpoint as its own do', () => {
  stage.table.live.fleetInFlight[GCP] = 90;
  expect(chosen([80, 20, 150])).toBe(AWS);
});
