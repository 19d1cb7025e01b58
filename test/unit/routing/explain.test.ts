import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explain } from '../../../src/routing/explain.ts';
import { isPanic, NOBODY, scoreOf, select } from '../../../src/routing/select.ts';
import { STANDINGS } from '../../../src/routing/standing.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { randomStage } from '../../support/random-stage.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const TIERS = Object.fromEntries(STANDINGS.map(({ name, tier }) => [name, tier]));

test('what it says is chosen is what is chosen, whatever the table holds', () => {
  fc.assert(
    fc.property(randomStage, ({ stage: { view, live }, ask }) => {
      const at = select(view, live, ask);
      const panic = at !== NOBODY && isPanic(view, at);
      const told = explain(view, live, ask);
      expect(told.chosen).toBe(at === NOBODY ? undefined : view.service.endpoints[at]?.id);
      expect(told.panic).toBe(panic);
      expect(told.candidates.filter(({ chosen }) => chosen).map(({ endpoint }) => endpoint)).toEqual(
        at === NOBODY ? [] : [told.chosen],
      );
      // Asking why leaves the decision as it was.
      expect(select(view, live, ask)).toBe(at);
    }),
    { numRuns: 500 },
  );
});

test('it tells of every endpoint once, the chosen first, and never a worse tier before a better one', () => {
  fc.assert(
    fc.property(randomStage, ({ stage: { view, live }, ask }) => {
      const { candidates, chosen } = explain(view, live, ask);
      const ids = view.service.endpoints.map(({ id }) => id);
      expect(candidates.map(({ endpoint }) => endpoint).toSorted()).toEqual(ids.toSorted());
      if (chosen !== undefined) expect(candidates[0]?.endpoint).toBe(chosen);
      const tiers = candidates.map(({ standing }) => TIERS[standing] as number);
      expect(tiers).toEqual(tiers.toSorted((a, b) => a - b));
      for (const { endpoint, score, tied, standing } of candidates) {
        expect(score).toBe(scoreOf(view, ids.indexOf(endpoint), live, ask));
        if (tied) expect(TIERS[standing]).toBe(tiers[0]);
      }
    }),
    { numRuns: 500 },
  );
});

test('with select: best the chosen is tied with the best of its group, and scores are the sums of their parts', () => {
  fc.assert(
    fc.property(randomStage, ({ stage: { view, live }, ask }) => {
      const told = explain(view, live, ask);
      if (told.select === 'best' && told.chosen !== undefined) expect(told.candidates[0]?.tied).toBe(true);
      const { latency, capacity, health, diversity } = told.weights;
      for (const { factors: f, score } of told.candidates) {
        const sum = latency * f.latency + capacity * f.capacity + health * f.health + diversity * f.diversity;
        expect(score).toBeCloseTo(sum, 12);
      }
    }),
  );
});

test('a decision in words', () => {
  const { view, live, table } = stageOf(threeClouds());
  table.live.inFlight[1] = 50;
  table.live.state[2] = HEALTH_STATE.unhealthy;
  const ask = askOf(view, [20, 100, 160], { shares: Float64Array.of(0.5, 0.25, 0.25) });
  const told = explain(view, live, ask);
  expect(told).toMatchObject({ service: 'shop', select: 'best', band: 0.01, panic: false });
  expect(told.candidates.map(({ region, standing }) => [region, standing])).toEqual([
    ['us-east-1', 'ready'],
    ['europe-west1', 'ready'],
    ['japaneast', 'unhealthy'],
  ]);
  expect(told.candidates[1]).toMatchObject({
    cloud: 'gcp',
    rttMs: 100,
    inFlight: 50,
    factors: { latency: 0.5, capacity: 0.5, health: 1, diversity: 0.75 },
    chosen: false,
    tied: false,
  });
});

test('what operators said and what other edges have there is reported, and counts', () => {
  const { view, live, table } = stageOf(threeClouds());
  table.live.inFlight[1] = 10;
  table.live.fleetInFlight[1] = 15;
  table.live.capacity[1] = 50;
  table.live.weight[1] = 0.25;
  const [gcp] = explain(view, live, askOf(view, [20, 100, 160], { share: 0.25 })).candidates.filter(
    ({ cloud }) => cloud === 'gcp',
  );
  expect(gcp).toMatchObject({ inFlight: 10, fleetInFlight: 15, capacity: 50, capacityInFile: 100, weight: 0.25 });
  expect(gcp).toMatchObject({ heldBack: true, standing: 'ready', factors: { capacity: 0.5 } });
});
