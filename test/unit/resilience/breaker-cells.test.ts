import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admits, type BreakerSignal, CLOSED, step } from '../../../src/resilience/breaker.ts';
import {
  BreakerCells,
  COUNT_MAX,
  closedAfter,
  PROBE,
  PROBES_MAX,
  REFUSED,
} from '../../../src/resilience/breaker-cells.ts';
import { HAMMER_POLICY, type Hammered, THREADS } from '../../support/breaker-hammer.ts';
import { threeClouds } from '../../support/topology.ts';

const POLICY = { failures: 2, successes: 2, openMs: 1000, probes: 1 };

function cellsOf(length = 2) {
  const words = new Int32Array(new SharedArrayBuffer(4 * length));
  const untilMs = new Float64Array(new SharedArrayBuffer(8 * length));
  return { words, untilMs, cells: new BreakerCells(words, untilMs) };
}

const policies = fc.record({
  failures: fc.integer({ min: 1, max: COUNT_MAX }),
  successes: fc.integer({ min: 1, max: COUNT_MAX }),
  openMs: fc.integer({ min: 1, max: 500 }),
  probes: fc.integer({ min: 1, max: PROBES_MAX }),
});
const told = fc.record({
  signal: fc.constantFrom<Exclude<BreakerSignal, 'vouched'>>('admit', 'success', 'failure', 'abandoned'),
  times: fc.integer({ min: 1, max: 80 }),
  afterMs: fc.integer({ min: 0, max: 300 }),
});

test('cells do what the pure breaker does, whatever is reported to them', () => {
  fc.assert(
    fc.property(policies, fc.array(told, { maxLength: 30 }), (policy, story) => {
      const { cells, words } = cellsOf();
      let [model, nowMs] = [CLOSED, 0];
      for (const { signal, times, afterMs } of story) {
        nowMs += afterMs;
        const at = { nowMs, policy };
        for (let i = 0; i < times; i += 1) {
          const before = model;
          model = step(model, signal, nowMs, policy);
          if (signal === 'admit') {
            expect(cells.admit(1, at) === REFUSED).toBe(model === before && model.state !== 'closed');
          } else {
            const moved = cells.report(1, cells.epoch(1) | PROBE, signal, at);
            expect(moved).toEqual(before.state === model.state ? undefined : { from: before.state, to: model.state });
          }
          expect(cells.read(1)).toEqual(model);
          expect(cells.isClosed(1)).toBe(model.state === 'closed');
          for (const laterMs of [nowMs, nowMs + policy.openMs]) {
            const second = model.state === 'half-open' && model.successes > 0 ? 'second-probe' : 'probe';
            const says = admits(model, laterMs, policy);
            expect(cells.wouldAdmit(1, laterMs, policy)).toBe(says === 'probe' ? second : says);
          }
        }
      }
      expect(words[0]).toBe(0);
    }),
  );
});

test.each([
  ['failures', COUNT_MAX],
  ['successes', COUNT_MAX],
  ['probes', PROBES_MAX],
])('a file may not ask for more %s than a cell can count', (key, max) => {
  const breakers = (count: number) => ({ service: `breakers: { ${key}: ${count} }` });
  expect(threeClouds(breakers(max)).services[0]?.breakers).toMatchObject({ [key]: max });
  expect(() => threeClouds(breakers(max + 1))).toThrow(`breakers.${key}`);
});

test('asking changes nothing', () => {
  const { cells, words } = cellsOf();
  const at = { nowMs: 0, policy: POLICY };
  for (let i = 0; i < 2; i += 1) cells.report(0, cells.epoch(0), 'failure', at);
  const before = words[0];
  expect(cells.wouldAdmit(0, at.nowMs, at.policy)).toBe('no');
  expect(cells.wouldAdmit(0, 1000, at.policy)).toBe('probe');
  expect(cells.wouldAdmit(1, at.nowMs, at.policy)).toBe('yes');
  expect(words[0]).toBe(before);
});

test('a report about a time that is over is ignored', () => {
  const { cells } = cellsOf();
  const at = { nowMs: 0, policy: POLICY };
  const early = cells.admit(0, at);
  for (let i = 0; i < 2; i += 1) cells.report(0, early, 'failure', at);
  expect(cells.read(0)).toEqual({ state: 'open', untilMs: 1000 });
  expect(cells.report(0, early, 'success', at)).toBeUndefined();
  const later = { nowMs: 1000, policy: POLICY };
  const probe = cells.admit(0, later);
  expect(probe).not.toBe(early);
  expect(cells.report(0, early, 'failure', later)).toBeUndefined();
  expect(cells.report(0, early, 'abandoned', later)).toBeUndefined();
  expect(cells.read(0)).toEqual({ state: 'half-open', probing: 1, successes: 0, untilMs: 2000 });
  expect(cells.report(0, probe, 'failure', later)).toEqual({ from: 'half-open', to: 'open' });
});

test('the epoch goes round after 65,536 changes of state without losing the breaker', () => {
  const { cells } = cellsOf();
  const touchy = { failures: 1, successes: 1, openMs: 1, probes: 1 };
  for (let i = 0; i < 40_000; i += 1) {
    const at = { nowMs: i, policy: touchy };
    expect(cells.report(0, cells.epoch(0), 'failure', at)).toEqual({ from: 'closed', to: 'open' });
    expect(cells.report(0, cells.epoch(0), 'success', at)).toEqual({ from: 'open', to: 'closed' });
  }
  expect(cells.read(0)).toEqual(CLOSED);
  expect(cells.admit(0, { nowMs: 0, policy: touchy })).toBeGreaterThanOrEqual(0);
});

test('breakers beside each other do not meet', () => {
  const { cells } = cellsOf(3);
  const at = { nowMs: 0, policy: POLICY };
  for (let i = 0; i < 2; i += 1) cells.report(1, cells.epoch(1), 'failure', at);
  expect([0, 1, 2].map((index) => cells.read(index).state)).toEqual(['closed', 'open', 'closed']);
});

test('a thread that comes second does not shorten the time for which another has opened the breaker', () => {
  const words = new Int32Array(new SharedArrayBuffer(4));
  const untilMs = new Float64Array(new SharedArrayBuffer(8));
  const policy = { failures: 1, successes: 3, openMs: 1000, probes: 2 };
  const other = new BreakerCells(words, untilMs);
  other.report(0, other.epoch(0), 'failure', { nowMs: 0, policy });
  const epoch = other.admit(0, { nowMs: 1000, policy });
  expect(other.admit(0, { nowMs: 1000, policy })).toBe(epoch);

  // The other thread reports a failure after this one has read the time of the breaker and before it moves the word.
  let interrupted = false;
  const slow = new Proxy(untilMs, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (key === '0' && !interrupted) {
        interrupted = true;
        other.report(0, epoch, 'failure', { nowMs: 1900, policy });
      }
      return value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  const mine = new BreakerCells(words, slow);
  expect(mine.report(0, epoch, 'abandoned', { nowMs: 1900, policy })).toBeUndefined();
  expect(interrupted).toBe(true);
  expect(other.read(0)).toEqual({ state: 'open', untilMs: 2900 });
});

test('two threads at once never have more probes out than the policy allows', async () => {
  const shared: Hammered = {
    words: new Int32Array(new SharedArrayBuffer(4)),
    untilMs: new Float64Array(new SharedArrayBuffer(8)),
    probing: new Int32Array(new SharedArrayBuffer(16)),
    gate: new Int32Array(new SharedArrayBuffer(4)),
  };
  const cells = new BreakerCells(shared.words, shared.untilMs);
  // Open, and its time over: a success in panic makes it half-open, with nobody probing.
  cells.report(0, cells.epoch(0), 'failure', { nowMs: -1e9, policy: HAMMER_POLICY });
  cells.report(0, cells.epoch(0), 'success', { nowMs: 0, policy: HAMMER_POLICY });
  const url = new URL('../../support/breaker-thread.ts', import.meta.url);
  const threads = Array.from({ length: THREADS }, () => new Worker(url, { workerData: shared }));
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  await Promise.all(threads.map((thread) => thread.terminate()));
  expect(shared.probing[1]).toBe(HAMMER_POLICY.probes);
  expect(shared.probing[0]).toBe(0);
  // They did meet, or nothing would be shown.
  expect(shared.probing[3]).toBeGreaterThan(THREADS);
  expect(cells.read(0)).toMatchObject({ state: 'half-open', probing: 0 });
});

test('only one that has taken a probe’s place frees one', () => {
  const { cells } = cellsOf();
  const policy = { failures: 1, successes: 3, openMs: 1000, probes: 1 };
  cells.report(0, cells.epoch(0), 'failure', { nowMs: 0, policy });
  const at = { nowMs: 1000, policy };
  const probe = cells.admit(0, at);
  const inPanic = cells.epoch(0);
  cells.report(0, inPanic, 'abandoned', at);
  expect(cells.read(0)).toMatchObject({ state: 'half-open', probing: 1, successes: 0 });
  expect(cells.admit(0, at)).toBe(REFUSED);
  // What it has found out counts all the same.
  cells.report(0, inPanic, 'success', at);
  expect(cells.read(0)).toMatchObject({ probing: 1, successes: 1 });
  cells.report(0, probe, 'abandoned', at);
  expect(cells.read(0)).toMatchObject({ probing: 0, successes: 1 });
});

test('a probe whose lease has run out frees no place of the next one', () => {
  const { cells } = cellsOf();
  const policy = { failures: 1, successes: 3, openMs: 1000, probes: 1 };
  cells.report(0, cells.epoch(0), 'failure', { nowMs: 0, policy });
  const lost = cells.admit(0, { nowMs: 1000, policy });
  const at = { nowMs: 2000, policy };
  expect(cells.admit(0, at)).not.toBe(REFUSED);
  expect(cells.report(0, lost, 'abandoned', at)).toBeUndefined();
  expect(cells.admit(0, at)).toBe(REFUSED);
});

test('a voucher counts once the open time of a breaker is over, while no probe is out', () => {
  const { cells } = cellsOf();
  expect(cells.vouch(0, { nowMs: 0, policy: POLICY })).toBeUndefined();
  for (let i = 0; i < 2; i += 1) cells.report(0, cells.epoch(0), 'failure', { nowMs: 0, policy: POLICY });
  expect(cells.vouch(0, { nowMs: 999, policy: POLICY })).toBeUndefined();
  expect(cells.read(0)).toEqual({ state: 'open', untilMs: 1000 });
  const at = { nowMs: 1000, policy: POLICY };
  expect(cells.vouch(0, at)).toEqual({ from: 'open', to: 'half-open' });
  const probe = cells.admit(0, at);
  expect(cells.vouch(0, at)).toBeUndefined();
  cells.report(0, probe, 'abandoned', at);
  expect(cells.wouldAdmit(0, 1000, POLICY)).toBe('second-probe');
  expect(cells.vouch(0, at)).toEqual({ from: 'half-open', to: 'closed' });
});

test('a voucher does not make a closed breaker forget its failures', () => {
  const { cells } = cellsOf();
  const at = { nowMs: 0, policy: POLICY };
  cells.report(0, cells.epoch(0), 'failure', at);
  cells.vouch(0, at);
  expect(cells.read(0)).toEqual({ state: 'closed', failures: 1 });
});

test('a breaker in the place of another one hears nobody whom that has admitted', () => {
  const { cells, words } = cellsOf();
  const at = { nowMs: 0, policy: POLICY };
  const before = cells.admit(0, at);
  words[0] = closedAfter(words[0] as number);
  expect(cells.read(0)).toEqual(CLOSED);
  cells.report(0, before, 'failure', at);
  expect(cells.read(0)).toEqual(CLOSED);
});
