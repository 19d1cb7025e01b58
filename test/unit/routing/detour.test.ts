import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Weights } from '../../../src/config/topology.ts';
import type { Ask } from '../../../src/routing/ask.ts';
import { DETOUR_MAX_MS, hasDetour } from '../../../src/routing/detour.ts';
import { explain } from '../../../src/routing/explain.ts';
import { priorityOf } from '../../../src/routing/priorities.ts';
import { boundMs, select } from '../../../src/routing/select.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const [AWS, GCP, AZURE] = [0, 1, 2];

const weightsOf = (name: string): Weights => priorityOf(stageOf(threeClouds()).view, name).weights;

test.each([
  ['latency', weightsOf('latency'), false],
  ['balanced', weightsOf('balanced'), false],
  ['reliability', weightsOf('reliability'), true],
  ['load and way alike', { latency: 0.3, capacity: 0.3, health: 0.4, diversity: 0 }, false],
  ['no way at all', { latency: 0, capacity: 0.6, health: 0.4, diversity: 0 }, false],
])('whether a detour is bounded: %s', (_, weights, bounded) => {
  expect(hasDetour(weights)).toBe(bounded);
});

/** The position that is chosen, and how far one may be, when the endpoints are so far away and have so many of the 100 requests that each is built for. */
function decided(ms: readonly number[], inFlight: readonly number[], name = 'reliability', more: Partial<Ask> = {}) {
  const { view, live, table } = stageOf(threeClouds({ service: 'routing: { band: 0 }' }));
  table.live.inFlight.set(inFlight);
  const ask = askOf(view, ms, { weights: priorityOf(view, name).weights, ...more });
  return { at: select(view, live, ask), bound: boundMs(view, live, ask) };
}

test('one that is far is not chosen for being idle, and one within the bound is', () => {
  expect(decided([10, 29, 120], [15, 6, 0])).toEqual({ at: GCP, bound: 30 });
  expect(decided([10, 31, 120], [15, 6, 0])).toEqual({ at: AWS, bound: 30 });
});

test('one that is far is chosen where what is near has more than it should, as others would choose it', () => {
  expect(decided([10, 29, 120], [90, 90, 0])).toEqual({ at: AZURE, bound: 140 });
  expect(decided([10, 29, 120], [90, 90, 0], 'balanced').at).toBe(AZURE);
});

test('diversity does not go beyond the bound either', () => {
  const shares = Float64Array.of(1, 0, 0);
  expect(decided([10, 31, 31], [0, 0, 0], 'reliability', { shares }).at).toBe(AWS);
  expect(decided([10, 30, 31], [0, 0, 0], 'reliability', { shares }).at).toBe(GCP);
});

test('other priorities have no bound, and where scores do not decide there is none', () => {
  expect(decided([10, 29, 120], [40, 20, 0], 'balanced').bound).toBe(Number.POSITIVE_INFINITY);
  const { view, live, table } = stageOf(threeClouds());
  const ask = askOf(view, 10, { weights: priorityOf(view, 'reliability').weights });
  expect(boundMs(view, live, ask)).toBe(30);
  table.live.health.fill(0.49, 0, 3);
  expect(boundMs(view, live, ask)).toBe(Number.POSITIVE_INFINITY);
  table.live.drained.fill(1, 0, 3);
  expect(boundMs(view, live, ask)).toBe(Number.POSITIVE_INFINITY);
});

test('an explanation says how far', () => {
  const { view, live } = stageOf(threeClouds());
  const ask = askOf(view, [10, 29, 120]);
  expect(explain(view, live, ask)).not.toHaveProperty('boundMs');
  expect(explain(view, live, { ...ask, weights: priorityOf(view, 'reliability').weights }).boundMs).toBe(30);
});

const three = (most: number) => fc.tuple(fc.nat(most), fc.nat(most), fc.nat(most));

test('nobody goes farther than 20 ms beyond the best by weights in which load counts as much as the way', () => {
  fc.assert(
    fc.property(
      three(250),
      three(199),
      three(100),
      fc.double({ min: 0, max: 1, maxExcluded: true }),
      (load, ms, recent, draw) => {
        const shares = Float64Array.from(recent, (share) => share / 100);
        const { at, bound } = decided(ms, load, 'reliability', { shares, draw });
        const scores = ms.map((way, i) => 0.1 * (1 - way / 200) + 0.1 * (1 - (load[i] as number) / 100));
        const bases = scores.flatMap((score, i) => (score >= Math.max(...scores) - 1e-9 ? [ms[i] as number] : []));
        expect(bases.map((base) => base + DETOUR_MAX_MS)).toContain(bound);
        expect(ms[at]).toBeLessThanOrEqual(bound);
      },
    ),
    { numRuns: 1000 },
  );
});
