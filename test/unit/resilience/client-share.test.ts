import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_TELL_FROM, clientShare, isTold, toldFrom } from '../../../src/resilience/client-share.ts';

test.each([
  // What is asked here, what the others told, edges; told?
  [0, 5, 3, false],
  [0.1, 0, 3, false],
  [0.17, 0, 3, true],
  [0.1, 0.39, 3, false],
  [0.1, 0.41, 3, true],
  [0.26, 0, 2, true],
  [0.24, 0, 2, false],
  [0.24, 0, 1, false],
  [0.06, 0, 10, true],
  [0.04, 0, 10, false],
])('of %d asked here and %d told by others, of %i edges: told %s', (own, others, edges, told) => {
  expect(isTold(own, others, edges)).toBe(told);
});

test.each([
  ['nobody else tells of it', { own: 3, others: 0, edges: 0 }, 1],
  ['half of what is asked, of more than there is', { own: 1, others: 1, edges: 1 }, 0.5],
  ['nothing asked here: what is divided evenly', { own: 0, others: 2, edges: 1 }, 0.005],
  ['less asked than there is: what is left goes to all alike', { own: 0.2, others: 0.4, edges: 1 }, 0.401],
])('%s', (_, told, share) => {
  expect(clientShare(told)).toBeCloseTo(share, 9);
});

/** Who tells, when each has heard what the others tell often enough. */
function telling(demand: readonly number[]): readonly boolean[] {
  let told = demand.map(() => false);
  for (let round = 0; round <= demand.length; round += 1) {
    const before = told;
    told = demand.map((own, i) => {
      const others = demand.reduce((sum, one, j) => sum + (j !== i && before[j] ? one : 0), 0);
      return isTold(own, others, demand.length);
    });
  }
  return told;
}

const demands = fc.array(
  fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 0.3, noNaN: true }), fc.constant(0)),
  { minLength: 2, maxLength: 40 },
);

test('what edges let pass of a client is the limit at most, whoever tells of it', () => {
  fc.assert(
    fc.property(demands, (demand) => {
      const told = telling(demand);
      const all = demand.reduce((sum, own, i) => sum + (told[i] ? own : 0), 0);
      const edges = told.filter(Boolean).length;
      const parts = demand.map((own, i) => (told[i] ? clientShare({ own, others: all - own, edges: edges - 1 }) : 1));
      const passes = demand.reduce((sum, own, i) => sum + Math.min(own, parts[i]!), 0);
      expect(passes).toBeLessThanOrEqual(1 + 1e-9);
      // Whoever tells has a part, and together they have the limit.
      const shared = parts.filter((_, i) => told[i]);
      for (const part of shared) expect(part).toBeGreaterThan(0);
      if (edges > 0) expect(shared.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 6);
      // Nobody that asks for less than its even part of the limit is refused where the limit is not reached.
      if (all <= 1)
        for (const [i, own] of demand.entries()) expect(parts[i]! * 1.0102 + 1e-9).toBeGreaterThanOrEqual(own);
    }),
    { numRuns: 2000 },
  );
});

test('what nobody tells of is half the limit at most, of however many edges', () => {
  for (const edges of [2, 3, 10, 1000]) expect(toldFrom(edges) * edges).toBeCloseTo(ALL_TELL_FROM, 9);
});
