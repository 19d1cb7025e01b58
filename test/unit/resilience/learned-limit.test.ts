import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedBy, freshLimit, type LearnedLimit, nextLimit, TRIAL } from '../../../src/resilience/learned-limit.ts';

const BOUNDS = { min: 2, max: 1600 };
const LOOK_MS = 250;

type Endpoint = { readonly slots: number; readonly serviceMs: number };

/** An endpoint that works on so many requests at a time and keeps the others waiting, asked at a steady rate, in virtual time. */
function play(endpoint: (ms: number) => Endpoint, perSecond: (ms: number) => number, seconds: number, start = 100) {
  let state: LearnedLimit = freshLimit(start);
  const queue: number[] = [];
  const working: { readonly untilMs: number; readonly sinceMs: number }[] = [];
  let seen = { sumMs: 0, requests: 0 };
  let [owed, served, refused, offered] = [0, 0, 0, 0];
  const bySecond: {
    readonly limit: number;
    readonly served: number;
    readonly refused: number;
    readonly offered: number;
  }[] = [];
  for (let ms = 0; ms < seconds * 1000; ms += 1) {
    const { slots, serviceMs } = endpoint(ms);
    for (let i = working.length - 1; i >= 0; i -= 1) {
      const one = working[i] as (typeof working)[number];
      if (one.untilMs > ms) continue;
      working.splice(i, 1);
      seen = { sumMs: seen.sumMs + ms - one.sinceMs, requests: seen.requests + 1 };
      served += 1;
    }
    for (owed += perSecond(ms) / 1000; owed >= 1; owed -= 1) {
      offered += 1;
      if (queue.length + working.length < allowedBy(state)) queue.push(ms);
      else refused += 1;
    }
    while (working.length < slots && queue.length > 0) {
      // Times of service vary by a fifth around their mean, in a fixed order.
      const vary = 0.8 + ((served * 7 + working.length * 3) % 11) * 0.04;
      working.push({ untilMs: ms + Math.max(1, Math.round(serviceMs * vary)), sinceMs: queue.shift() as number });
    }
    if (ms % LOOK_MS === LOOK_MS - 1) {
      const inFlight = queue.length + working.length;
      state = nextLimit(state, { ...seen, inFlight, refused: 0 }, BOUNDS);
      seen = { sumMs: 0, requests: 0 };
    }
    if (ms % 1000 === 999) {
      bySecond.push({ limit: allowedBy(state), served, refused, offered });
      [served, refused, offered] = [0, 0, 0];
    }
  }
  return bySecond;
}

const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0);

describe('an endpoint that gets more than it can', () => {
  test.each([
    [10, 50, 2],
    [4, 100, 3],
    [40, 20, 1.5],
    [100, 100, 2],
  ])(
    'of %i slots of %i ms, asked for %s times as much: the limit finds it within a factor of two, and it is kept busy',
    (slots, serviceMs, times) => {
      const capacity = (slots * 1000) / serviceMs;
      const seconds = play(
        () => ({ slots, serviceMs }),
        () => capacity * times,
        120,
      );
      const late = seconds.slice(30);
      for (const { limit } of late) {
        expect(limit).toBeGreaterThanOrEqual(Math.floor(slots * TRIAL));
        expect(limit).toBeLessThanOrEqual(Math.max(slots * 2, slots + 4));
      }
      expect(sum(late.map(({ served }) => served)) / (late.length * capacity)).toBeGreaterThan(0.95);
    },
  );
});

test('nobody is refused by an endpoint that has room, however small or large', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 6, max: 80 }),
      fc.integer({ min: 10, max: 150 }),
      fc.double({ min: 0.1, max: 0.7, noNaN: true }),
      (slots, serviceMs, part) => {
        const perSecond = (slots * 1000 * part) / serviceMs;
        const seconds = play(
          () => ({ slots, serviceMs }),
          () => perSecond,
          45,
        );
        expect(sum(seconds.map(({ refused }) => refused)) / sum(seconds.map(({ offered }) => offered))).toBeLessThan(
          0.01,
        );
      },
    ),
    { numRuns: 25 },
  );
});

describe('under any load that is too much, most of what the endpoint can is served', () => {
  // One request more or less is a quarter of what an endpoint with four slots can, and a search from a hundred takes it longer.
  test.each([
    { least: 6, most: 120, seconds: 75, from: 35, part: 0.9 },
    { least: 4, most: 5, seconds: 110, from: 70, part: 0.7 },
  ])('with $least to $most slots', ({ least, most, seconds, from, part }) => {
    fc.assert(
      fc.property(
        fc.integer({ min: least, max: most }),
        fc.integer({ min: 10, max: 150 }),
        fc.double({ min: 1.2, max: 5, noNaN: true }),
        (slots, serviceMs, times) => {
          const capacity = (slots * 1000) / serviceMs;
          const late = play(
            () => ({ slots, serviceMs }),
            () => capacity * times,
            seconds,
          ).slice(from);
          expect(sum(late.map(({ served }) => served)) / (late.length * capacity)).toBeGreaterThan(part);
          expect(Math.max(...late.map(({ limit }) => limit))).toBeLessThanOrEqual(Math.max(2.5 * slots, slots + 10));
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('a latency that is higher for good is no queue: the limit comes back', () => {
  const slots = 40;
  const seconds = play(
    (ms) => ({ slots, serviceMs: ms < 60_000 ? 20 : 60 }),
    (ms) => (ms < 60_000 ? 3000 : 1000),
    150,
  );
  const late = seconds.slice(100);
  const capacity = (slots * 1000) / 60;
  expect(sum(late.map(({ served }) => served)) / (late.length * capacity)).toBeGreaterThan(0.9);
});

test('an endpoint that becomes smaller is found out in seconds, and one that grows in a minute', () => {
  const size = (ms: number) => (ms < 60_000 ? 40 : ms < 120_000 ? 10 : 40);
  const seconds = play(
    (ms) => ({ slots: size(ms), serviceMs: 50 }),
    () => 1600,
    240,
  );
  expect(seconds[55]?.limit).toBeGreaterThanOrEqual(30);
  expect(seconds[85]?.limit).toBeLessThanOrEqual(22);
  expect(seconds.at(-1)?.limit).toBeGreaterThanOrEqual(30);
});

test.each([
  ['what is refused lowers it', { sumMs: 1000, requests: 20, inFlight: 90, refused: 5 }, 90],
  ['a limit that is not used stays as it is', { sumMs: 10_000, requests: 20, inFlight: 10, refused: 0 }, 100],
  ['without a word it stays as it is', { sumMs: 0, requests: 0, inFlight: 90, refused: 0 }, 100],
])('%s', (_, look, limit) => {
  const steady: LearnedLimit = { ...freshLimit(100), mode: 'steady', baseMs: 50 };
  expect(nextLimit(steady, look, BOUNDS).limit).toBeCloseTo(limit, 9);
});

test('it stays within its bounds whatever is seen', () => {
  const look = fc.record({
    sumMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    requests: fc.integer({ min: 0, max: 1000 }),
    inFlight: fc.integer({ min: 0, max: 3000 }),
    refused: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 300 }), (looks) => {
      let state = freshLimit(100);
      for (const one of looks) {
        state = nextLimit(state, one, BOUNDS);
        expect(state.limit).toBeGreaterThanOrEqual(BOUNDS.min);
        expect(state.limit).toBeLessThanOrEqual(BOUNDS.max);
        expect(allowedBy(state)).toBeGreaterThanOrEqual(1);
      }
    }),
  );
});
