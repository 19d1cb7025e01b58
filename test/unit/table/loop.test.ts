import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../../src/table/event.ts';
import { JITTER, type LoopDeps, runLoop } from '../../../src/table/loop.ts';

type Fake = LoopDeps & {
  readonly events: Event[];
  readonly sleeps: number[];
  readonly now: { ms: number };
  readonly stop: AbortController;
};

/** Time that only passes in sleeps and where a tick says so; the signal aborts after `rounds` sleeps. */
function fake(rounds: number, random: () => number = () => 0.5): Fake {
  const now = { ms: 0 };
  const events: Event[] = [];
  const sleeps: number[] = [];
  const stop = new AbortController();
  return {
    clock: { nowMs: () => now.ms },
    random,
    emit: (event) => events.push(event),
    signal: stop.signal,
    sleep: async (ms) => {
      sleeps.push(ms);
      now.ms += ms;
      if (sleeps.length === rounds) stop.abort();
    },
    events,
    sleeps,
    now,
    stop,
  };
}

test('the period counts from start to start', async () => {
  const deps = fake(4);
  const starts: number[] = [];
  const tick = async () => {
    starts.push(deps.now.ms);
    deps.now.ms += 300;
  };
  await runLoop({ name: 'l', periodMs: () => 1000, tick }, deps);
  expect(starts).toEqual([0, 1000, 2000, 3000]);
  expect(deps.sleeps).toEqual([700, 700, 700, 700]);
});

test('a tick that takes longer than the period is followed at once, and never overlapped', async () => {
  const deps = fake(3);
  let running = 0;
  let most = 0;
  const tick = async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    deps.now.ms += 2500;
    running -= 1;
  };
  await runLoop({ name: 'l', periodMs: () => 1000, tick }, deps);
  expect(most).toBe(1);
  expect(deps.sleeps).toEqual([0, 0, 0]);
});

test('a tick that fails is reported, and the loop goes on', async () => {
  const deps = fake(3);
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    if (ticks === 2) throw new Error('before its promise');
    return ticks === 1 ? Promise.reject(new Error('no route')) : Promise.resolve();
  };
  await runLoop({ name: 'health', periodMs: () => 1000, tick }, deps);
  expect(ticks).toBe(3);
  expect(deps.events).toEqual([
    { type: 'loop-failed', loop: 'health', error: 'Error: no route' },
    { type: 'loop-failed', loop: 'health', error: 'Error: before its promise' },
  ]);
});

test('an aborted signal ends the loop before another tick, and one aborted from the start ticks never', async () => {
  const deps = fake(99);
  let ticks = 0;
  const tick = async () => {
    ticks += 1;
    if (ticks === 2) deps.stop.abort();
  };
  await runLoop({ name: 'l', periodMs: () => 10, tick }, deps);
  expect(ticks).toBe(2);
  await runLoop({ name: 'l', periodMs: () => 10, tick }, deps);
  expect(ticks).toBe(2);
});

test('the tick gets the signal, and the period is asked for anew each round', async () => {
  const deps = fake(3);
  const periods = [1000, 50, 200];
  const signals: AbortSignal[] = [];
  const loop = {
    name: 'l',
    periodMs: () => periods.shift() as number,
    tick: async (s: AbortSignal) => void signals.push(s),
  };
  await runLoop(loop, deps);
  expect(deps.sleeps).toEqual([1000, 50, 200]);
  expect(signals.every((signal) => signal === deps.signal)).toBe(true);
});

test('chance stretches or shortens a period by the jitter at most', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (draw) => {
      const deps = fake(1, () => draw);
      await runLoop({ name: 'l', periodMs: () => 1000, tick: async () => {} }, deps);
      expect(deps.sleeps[0]).toBeGreaterThanOrEqual(1000 * (1 - JITTER));
      expect(deps.sleeps[0]).toBeLessThanOrEqual(1000 * (1 + JITTER));
    }),
  );
  const [low, high] = [fake(1, () => 0), fake(1, () => 0.999999)];
  await runLoop({ name: 'l', periodMs: () => 1000, tick: async () => {} }, low);
  await runLoop({ name: 'l', periodMs: () => 1000, tick: async () => {} }, high);
  expect(low.sleeps[0]).toBeCloseTo(900);
  expect(high.sleeps[0]).toBeCloseTo(1100, 1);
});
