import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { giveBackRate, nanoseconds, nextDue, partOf, rateOf, takeRate } from '../../../src/resilience/rate-limit.ts';
import type { RateWork } from '../../support/rate-thread.ts';

const cell = (): BigInt64Array => new BigInt64Array(new SharedArrayBuffer(8));
/** How many of requests at these times (in ms) pass. */
function passed(due: BigInt64Array, atMs: readonly number[], rate: ReturnType<typeof rateOf>): number {
  return atMs.filter((ms) => takeRate(due, 0, nanoseconds(ms), rate) === 0).length;
}

describe('requests per time', () => {
  test('as many as the burst come at once, then one an interval', () => {
    const due = cell();
    const rate = rateOf(10, 5);
    expect(passed(due, Array(20).fill(1000), rate)).toBe(5);
    expect(passed(due, [1099], rate)).toBe(0);
    expect(passed(due, [1100, 1100], rate)).toBe(1);
    expect(passed(due, Array(20).fill(9000), rate)).toBe(5);
  });

  test('says how long to wait, and after that time one passes', () => {
    const due = cell();
    const rate = rateOf(4, 1);
    expect(takeRate(due, 0, nanoseconds(0), rate)).toBe(0);
    expect(takeRate(due, 0, nanoseconds(50), rate)).toBe(200);
    expect(takeRate(due, 0, nanoseconds(250), rate)).toBe(0);
  });

  test('what is given back may be taken again', () => {
    const due = cell();
    const rate = rateOf(1, 1);
    expect(takeRate(due, 0, nanoseconds(5000), rate)).toBe(0);
    giveBackRate(due, 0, rate);
    expect(takeRate(due, 0, nanoseconds(5000), rate)).toBe(0);
    expect(takeRate(due, 0, nanoseconds(5000), rate)).toBe(1000);
  });

  test('a due time of a slower rate is drawn in when the rate becomes faster', () => {
    const due = cell();
    const slow = rateOf(1 / 3600, 10);
    expect(passed(due, Array(20).fill(0), slow)).toBe(10);
    const fast = rateOf(10, 10);
    expect(takeRate(due, 0, nanoseconds(0), fast)).toBe(100);
    expect(passed(due, [100, 200, 300], fast)).toBe(3);
  });

  test('a reading of the clock that is a little old gives nobody anything', () => {
    const due = cell();
    const rate = rateOf(1000, 10);
    expect(passed(due, Array(20).fill(5000), rate)).toBe(10);
    expect(takeRate(due, 0, nanoseconds(4000), rate)).toBe(1001);
    expect(passed(due, [5000], rate)).toBe(0);
  });

  test('never more than burst and rate allow in any window, and never fewer when they are asked for all the time', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 50 }),
        (waits, perSecond, burst) => {
          const due = cell();
          const rate = rateOf(perSecond, burst);
          const times: number[] = [];
          let atMs = 0;
          for (const wait of waits) {
            atMs += wait;
            if (takeRate(due, 0, nanoseconds(atMs), rate) === 0) times.push(atMs);
          }
          for (let i = 0; i < times.length; i += 1) {
            for (let j = i; j < times.length; j += 1) {
              const windowMs = (times[j] as number) - (times[i] as number);
              expect(j - i + 1).toBeLessThanOrEqual(Math.floor((windowMs * perSecond) / 1000 + 1e-6) + burst);
            }
          }
        },
      ),
    );
    expect(nextDue(0n, 10n, { intervalNs: 5n, burstNs: 5n })).toBe(15n);
    expect(nextDue(11n, 10n, { intervalNs: 5n, burstNs: 5n })).toBeUndefined();
  });
});

test('two threads that ask without end get together what the rate allows, to one request', async () => {
  const burst = 20;
  const untilMs = 20_000;
  const due = new SharedArrayBuffer(8);
  const clock = new SharedArrayBuffer(8);
  const threads = [true, false].map((ticks) => {
    const workerData: RateWork = { due, clock, threads: 2, untilMs, ticks, burst };
    return new Worker(new URL('../../support/rate-thread.ts', import.meta.url), { workerData });
  });
  const each = await Promise.all(threads.map(async (thread) => (await once(thread, 'message'))[0] as number));
  await Promise.all(threads.map((thread) => thread.terminate()));
  // The first millisecond has the burst, and each after it one.
  expect(each.reduce((sum, passed) => sum + passed, 0)).toBe(burst + untilMs - 1);
});

test('a part of a rate passes that part of the requests, and of those that may come at once', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.integer({ min: 1, max: 500 }), (share, burst) => {
      const part = partOf(rateOf(1000, burst), share);
      expect(1e9 / Number(part.intervalNs)).toBeCloseTo(1000 * share, 1);
      // At least one can come, however small the part.
      const atOnce = Number(part.burstNs / part.intervalNs);
      expect(atOnce).toBe(Math.max(1, Math.floor(Number(rateOf(1000, burst).burstNs) / Number(part.intervalNs))));
    }),
  );
});
