import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inScope, isHit, planFaults } from '../../../src/chaos/experiment.ts';
import type { ChaosScope } from '../../../src/config/topology-chaos.ts';
import { EVERYWHERE, runningOf } from '../../support/chaos.ts';

const TRIED = {
  service: 'shop',
  cloud: 'gcp',
  region: 'europe-west1',
  id: 'shop/gcp/europe-west1/10.0.0.1:80',
  priority: 'latency',
} as const;
const DRAWS = 100_000;

/** Draws as `Math.random` would give them, but the same each time: a linear congruential generator. */
function draws(seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: DRAWS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

function share(of: Float64Array, hit: (draw: number) => boolean): number {
  return of.reduce((count, draw) => count + (hit(draw) ? 1 : 0), 0) / of.length;
}

test.each([0.02, 0.05, 0.1, 0.25, 0.5, 0.9])(
  'a radius of %d touches that share of 100,000 requests, within 5 %%',
  (radius) => {
    for (const [seed, name] of [
      [1, 'slow-gcp'],
      [7, 'a'],
      [2026, 'errors-10-percent'],
    ] as const) {
      const touched = share(draws(seed), (draw) => isHit(draw, name, radius));
      expect(Math.abs(touched / radius - 1), `${name}: ${touched}`).toBeLessThan(0.05);
    }
  },
);

test('it holds with the real dice too', () => {
  const real = Float64Array.from({ length: DRAWS }, Math.random);
  // Ten standard deviations at 50 % are 1.6 points of 100.
  expect(Math.abs(share(real, (draw) => isHit(draw, 'x', 0.5)) - 0.5)).toBeLessThan(0.016);
});

test('two experiments are decided independently by one draw', () => {
  const all = draws(3);
  const both = share(all, (draw) => isHit(draw, 'one', 0.3) && isHit(draw, 'two', 0.2));
  expect(both).toBeGreaterThan(0.06 * 0.95);
  expect(both).toBeLessThan(0.06 * 1.05);
});

test('a radius of 0 touches nobody, of 1 everybody, and a larger one all that a smaller one does', () => {
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const radius = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(draw, fc.string(), radius, radius, (at, name, a, b) => {
      expect(isHit(at, name, 0)).toBe(false);
      expect(isHit(at, name, 1)).toBe(true);
      expect(isHit(at, name, Math.min(a, b)) && !isHit(at, name, Math.max(a, b))).toBe(false);
      expect(isHit(at, name, a)).toBe(isHit(at, name, a));
    }),
  );
});

test.each<[Partial<ChaosScope>, boolean]>([
  [{}, true],
  [{ service: 'shop', cloud: 'gcp', region: 'europe-west1', endpoint: TRIED.id, priority: 'latency' }, true],
  [{ service: 'web' }, false],
  [{ cloud: 'aws' }, false],
  [{ cloud: 'gcp', region: 'us-east1' }, false],
  [{ endpoint: 'shop/gcp/europe-west1/10.0.0.2:80' }, false],
  [{ priority: 'balanced' }, false],
])('scope %j: %s', (scope, expected) => {
  expect(inScope({ ...EVERYWHERE, ...scope }, TRIED)).toBe(expected);
});

const AT = { draw: 0.5, nowMs: 1000 };

test('delays add up; of failures and partial answers the first wins', () => {
  const plan = planFaults(
    [
      runningOf('slow', { kind: 'latency', delayMs: 10 }),
      runningOf('f1', { kind: 'failure', answer: 500, errorRate: 1 }),
      runningOf('f2', { kind: 'failure', answer: 'reset', errorRate: 1 }),
      runningOf('slower', { kind: 'latency', delayMs: 20 }),
      runningOf('p1', { kind: 'partial', keep: 0.5 }),
      runningOf('p2', { kind: 'partial', keep: 0.1 }),
    ],
    TRIED,
    AT,
  );
  expect(plan).toMatchObject({
    delayMs: 30,
    delayedBy: ['slow', 'slower'],
    failure: { experiment: 'f1', answer: 500 },
    partial: { experiment: 'p1', keep: 0.5 },
  });
  expect(plan?.partial?.shorten(Buffer.from('[1,2]'))?.toString()).toBe('[1]');
});

test('nothing is planned when all are over, elsewhere or of no radius', () => {
  const fault = { kind: 'latency', delayMs: 10 } as const;
  expect(planFaults([], TRIED, AT)).toBeUndefined();
  expect(planFaults([{ ...runningOf('x', fault), untilMs: 1000 }], TRIED, AT)).toBeUndefined();
  expect(planFaults([runningOf('x', fault, { scope: { cloud: 'aws' } })], TRIED, AT)).toBeUndefined();
  expect(planFaults([runningOf('x', fault, { radius: 0 })], TRIED, AT)).toBeUndefined();
});

test('of the requests inside the radius the error rate fails, independently of the radius', () => {
  const running = [runningOf('x', { kind: 'failure', answer: 500, errorRate: 0.2 }, { radius: 0.5 })];
  const failing = share(draws(5), (draw) => planFaults(running, TRIED, { draw, nowMs: 0 }) !== undefined);
  expect(Math.abs(failing / 0.1 - 1)).toBeLessThan(0.05);
});
