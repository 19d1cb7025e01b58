import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextServersFit, SERVERS_FIT_MAX, SERVERS_FIT_MIN, type ServersSeen } from '../../../src/health/server-fit.ts';
import { meanWaitMs } from '../../../src/routing/queueing.ts';

const DECLARED = 20;
const MANY = 100_000;

function after(looks: number, seen: ServersSeen | undefined, fit = 1): number {
  let now = fit;
  for (let look = 0; look < looks; look += 1) now = nextServersFit(now, DECLARED, seen);
  return now;
}

test.each([0.8, 0.9, 0.95])('servers that are declared rightly and busy by %d stay as declared', (share) => {
  const waits = meanWaitMs(DECLARED, DECLARED * share, 1, 1);
  expect(after(60, { busy: DECLARED * share, waits, requests: MANY })).toBeCloseTo(1, 1);
});

test('half of the servers that were declared are found by how long requests wait', () => {
  const waits = meanWaitMs(10, 9, 1, 1);
  const fit = after(60, { busy: 9, waits, requests: MANY });
  expect(fit).toBeGreaterThan(0.42);
  expect(fit).toBeLessThan(0.55);
});

test('where nobody waits there are as many as that takes, and no fewer than declared after a while', () => {
  expect(after(60, { busy: 60, waits: 0, requests: MANY })).toBeCloseTo(60 / (0.6 * DECLARED), 2);
  expect(after(1, { busy: 1, waits: 0, requests: MANY }, 0.25)).toBeCloseTo(0.25 ** 0.99, 6);
  expect(after(600, { busy: 1, waits: 0, requests: MANY }, 0.25)).toBeGreaterThan(0.95);
});

test('the waits of a few requests say nothing, and neither does silence', () => {
  expect(after(1, { busy: 5, waits: 0.3, requests: 9 })).toBe(1);
  expect(after(1, undefined, 0.5)).toBeCloseTo(0.5 ** 0.99, 6);
});

test('it stays within its bounds, whatever is seen', () => {
  const amount = fc.double({ min: 0, max: 1e4, noNaN: true });
  const seen = fc.option(fc.record({ busy: amount, waits: amount, requests: fc.integer({ min: 1, max: 1e6 }) }));
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 100 }), (looks) => {
      let fit = 1;
      for (const look of looks) {
        fit = nextServersFit(fit, DECLARED, look ?? undefined);
        expect(fit).toBeGreaterThanOrEqual(SERVERS_FIT_MIN);
        expect(fit).toBeLessThanOrEqual(SERVERS_FIT_MAX);
      }
    }),
  );
});
