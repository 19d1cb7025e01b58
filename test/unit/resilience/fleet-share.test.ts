import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Asked,
  EVEN_PART,
  fleetShare,
  followed,
  followMs,
  NOTHING_ASKED,
  shareAlone,
} from '../../../src/resilience/fleet-share.ts';

const demands = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 50 });
const sharesOf = (asked: readonly number[]) => {
  const all = asked.reduce((sum, one) => sum + one, 0);
  return asked.map((own) => fleetShare({ own, all, edges: asked.length }));
};

test('edges that have heard the same divide the limit among them, and no part of it is lost or there twice', () => {
  fc.assert(
    fc.property(demands, (asked) => {
      expect(sharesOf(asked).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }),
  );
});

test('nobody has nothing, and who is asked for more has no less', () => {
  fc.assert(
    fc.property(demands, (asked) => {
      const shares = sharesOf(asked);
      for (const [i, share] of shares.entries()) {
        expect(share).toBeGreaterThanOrEqual(EVEN_PART / asked.length - 1e-12);
        for (const [j, other] of shares.entries()) {
          if ((asked[i] as number) >= (asked[j] as number)) expect(share).toBeGreaterThanOrEqual(other - 1e-12);
        }
      }
    }),
  );
});

test('where less is asked than there is, everybody has what it is asked for, to a hundredth', () => {
  fc.assert(
    fc.property(demands, (asked) => {
      const all = asked.reduce((sum, one) => sum + one, 0);
      const fitting = asked.map((one) => (all > 1 ? one / all : one));
      for (const [i, share] of sharesOf(fitting).entries()) {
        expect(share).toBeGreaterThanOrEqual((fitting[i] as number) * (1 - EVEN_PART) - 1e-12);
      }
    }),
  );
});

test.each([
  ['alone', { own: 3, all: 3, edges: 1 }, 1],
  ['nothing is asked', { own: 0, all: 0, edges: 4 }, 0.25],
  ['it is asked for everything', { own: 1.5, all: 1.5, edges: 3 }, 0.99 + 0.01 / 3],
  ['80 of 80, 15 and 5', { own: 1.2, all: 1.5, edges: 3 }, 0.99 * 0.8 + 0.01 / 3],
  ['half of the limit is asked for, all of it here', { own: 0.5, all: 0.5, edges: 2 }, 0.99 * 0.75 + 0.005],
])('%s', (_, demand, share) => expect(fleetShare(demand)).toBeCloseTo(share, 12));

test('edges that hear nobody stay within the limit together, whatever they had', () => {
  fc.assert(
    fc.property(demands, (asked) => {
      const alone = sharesOf(asked).map((share) => shareAlone(share, asked.length));
      expect(alone.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test('demand is followed in some reports, for a slow limit in the time of some requests', () => {
  expect(followMs(1000)).toBe(2000);
  expect(followMs(0.1)).toBe(30_000);
  expect(followMs(1 / 3600)).toBe(600_000);
  expect(followed(NOTHING_ASKED, 7, 1000, 1000).steady).toBe(7);
  let demand: Asked = { quick: 0, steady: 0 };
  for (let i = 0; i < 6; i += 1) demand = followed(demand, 2, 1000, 1000);
  expect(demand.steady).toBeGreaterThan(1.8);
});

test('what is told moves less than what comes by chance, and by much at once where demand has moved', () => {
  const counts = [530, 480, 505, 470, 525, 510, 490, 520, 475, 500];
  let demand: Asked = { quick: 0.5, steady: 0.5 };
  for (const count of counts) {
    const next = followed(demand, count / 1000, 1000, 1000);
    expect(Math.abs(next.steady - demand.steady)).toBeLessThan(0.004);
    demand = next;
  }
  expect(followed(demand, 1, 1000, 1000).steady).toBeGreaterThan(0.65);
});
