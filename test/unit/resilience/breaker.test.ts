import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admits, type Breaker, type BreakerSignal, CLOSED, step } from '../../../src/resilience/breaker.ts';

const POLICY = { failures: 3, successes: 2, openMs: 1000, probes: 2 };
const NOW = 5000;

const closed = (failures: number): Breaker => ({ state: 'closed', failures });
const open = (untilMs: number): Breaker => ({ state: 'open', untilMs });
const halfOpen = (probing: number, successes: number, untilMs = 5500): Breaker => ({
  state: 'half-open',
  probing,
  successes,
  untilMs,
});

/** Every state against every signal, at 5000 ms: `[from, signal, to]`. */
const TABLE: readonly (readonly [Breaker, BreakerSignal, Breaker])[] = [
  [closed(0), 'admit', closed(0)],
  [closed(0), 'success', closed(0)],
  [closed(0), 'abandoned', closed(0)],
  [closed(0), 'failure', closed(1)],
  [closed(1), 'failure', closed(2)],
  [closed(2), 'failure', open(6000)],
  [closed(2), 'success', closed(0)],
  [closed(2), 'abandoned', closed(2)],
  [closed(2), 'admit', closed(2)],
  [closed(2), 'vouched', closed(2)],

  [open(5001), 'admit', open(5001)],
  [open(5000), 'admit', halfOpen(1, 0, 6000)],
  [open(4000), 'admit', halfOpen(1, 0, 6000)],
  [open(5001), 'failure', open(5001)],
  [open(5001), 'abandoned', open(5001)],
  // Only a request in panic can report this, and it counts as a probe.
  [open(5001), 'success', halfOpen(0, 1, 6000)],
  [open(5001), 'vouched', halfOpen(0, 1, 6000)],

  [halfOpen(0, 0), 'admit', halfOpen(1, 0)],
  [halfOpen(1, 1), 'admit', halfOpen(2, 1)],
  [halfOpen(2, 1), 'admit', halfOpen(2, 1)],
  [halfOpen(2, 1, 5000), 'admit', halfOpen(1, 1, 6000)],
  [halfOpen(2, 0), 'abandoned', halfOpen(1, 0)],
  [halfOpen(0, 0), 'abandoned', halfOpen(0, 0)],
  [halfOpen(2, 0), 'success', halfOpen(1, 1)],
  [halfOpen(0, 0), 'success', halfOpen(0, 1)],
  [halfOpen(1, 1), 'success', closed(0)],
  [halfOpen(2, 0), 'vouched', halfOpen(2, 1)],
  [halfOpen(1, 1), 'vouched', closed(0)],
  [halfOpen(2, 1), 'failure', open(6000)],
  [halfOpen(0, 0), 'failure', open(6000)],
];

test.each(TABLE)('%j on %s → %j', (from, signal, to) => {
  expect(step(from, signal, NOW, POLICY)).toEqual(to);
});

test('the table names every signal in every state', () => {
  const named = new Set(TABLE.map(([{ state }, signal]) => `${state} ${signal}`));
  expect(named.size).toBe(15);
});

test('a policy of one failure and one success opens and closes on the first', () => {
  const touchy = { ...POLICY, failures: 1, successes: 1 };
  expect(step(CLOSED, 'failure', NOW, touchy)).toEqual(open(6000));
  expect(step(halfOpen(1, 0), 'success', NOW, touchy)).toEqual(CLOSED);
  expect(step(open(9000), 'success', NOW, touchy)).toEqual(CLOSED);
});

test.each([
  [closed(2), 'yes'],
  [open(5001), 'no'],
  [open(5000), 'probe'],
  [halfOpen(1, 0), 'probe'],
  [halfOpen(2, 0), 'no'],
  [halfOpen(2, 0, 5000), 'probe'],
] as const)('%j admits: %s', (breaker, answer) => {
  expect(admits(breaker, NOW, POLICY)).toBe(answer);
});

const policies = fc.record({
  failures: fc.integer({ min: 1, max: 6 }),
  successes: fc.integer({ min: 1, max: 4 }),
  openMs: fc.integer({ min: 1, max: 500 }),
  probes: fc.integer({ min: 1, max: 4 }),
});
const signals = fc.constantFrom<BreakerSignal>('admit', 'success', 'failure', 'abandoned');
const story = fc.array(fc.record({ signal: signals, afterMs: fc.integer({ min: 0, max: 300 }) }), { maxLength: 80 });

describe('whatever is reported to a breaker, in whatever order', () => {
  test('its counts stay within the policy', () => {
    fc.assert(
      fc.property(policies, story, (policy, told) => {
        let [breaker, nowMs] = [CLOSED, 0];
        for (const { signal, afterMs } of told) {
          nowMs += afterMs;
          breaker = step(breaker, signal, nowMs, policy);
          if (breaker.state === 'closed') expect(breaker.failures).toBeLessThan(policy.failures);
          else expect(breaker.untilMs).toBeLessThanOrEqual(nowMs + policy.openMs);
          if (breaker.state !== 'half-open') continue;
          expect(breaker.probing).toBeGreaterThanOrEqual(0);
          expect(breaker.probing).toBeLessThanOrEqual(policy.probes);
          expect(breaker.successes).toBeLessThan(policy.successes);
        }
      }),
    );
  });

  test('it opens only after so many failures in a row, or after one in half-open', () => {
    fc.assert(
      fc.property(policies, story, (policy, told) => {
        let [breaker, nowMs, inARow] = [CLOSED, 0, 0];
        for (const { signal, afterMs } of told) {
          nowMs += afterMs;
          if (breaker.state === 'closed' && signal === 'failure') inARow += 1;
          if (signal === 'success' || breaker.state !== 'closed') inARow = 0;
          const next = step(breaker, signal, nowMs, policy);
          if (breaker.state !== 'open' && next.state === 'open') {
            expect(signal).toBe('failure');
            if (breaker.state === 'closed') expect(inARow).toBe(policy.failures);
          } else if (breaker.state === 'closed') expect(inARow).toBeLessThan(policy.failures);
          breaker = next;
        }
      }),
    );
  });

  test('it closes only by successes, and what it says of admitting is what it does', () => {
    fc.assert(
      fc.property(policies, story, (policy, told) => {
        let [breaker, nowMs] = [CLOSED, 0];
        for (const { signal, afterMs } of told) {
          nowMs += afterMs;
          const next = step(breaker, signal, nowMs, policy);
          if (breaker.state !== 'closed' && next.state === 'closed') expect(signal).toBe('success');
          if (signal === 'admit') expect(next !== breaker).toBe(admits(breaker, nowMs, policy) === 'probe');
          breaker = next;
        }
      }),
    );
  });
});

test('once its time is over it admits as many probes as the policy says, and closes after as many successes', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      let breaker = open(100);
      let admitted = 0;
      while (admits(breaker, 100, policy) === 'probe') {
        breaker = step(breaker, 'admit', 100, policy);
        admitted += 1;
        expect(admitted).toBeLessThanOrEqual(policy.probes);
      }
      expect(admitted).toBe(policy.probes);
      for (let good = 1; good <= policy.successes; good += 1) {
        expect(breaker.state).toBe('half-open');
        breaker = step(breaker, 'success', 100, policy);
      }
      expect(breaker).toEqual(CLOSED);
    }),
  );
});

test('probes that never report back lose their places when the lease runs out', () => {
  let breaker = step(open(0), 'admit', 0, POLICY);
  breaker = step(breaker, 'admit', 0, POLICY);
  expect(admits(breaker, 999, POLICY)).toBe('no');
  expect(admits(breaker, 1000, POLICY)).toBe('probe');
  expect(step(breaker, 'admit', 1000, POLICY)).toEqual(halfOpen(1, 0, 2000));
});
