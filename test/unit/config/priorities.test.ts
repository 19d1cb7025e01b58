import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRIORITIES, PRIORITIES_MAX, priorityFaults } from '../../../src/config/priorities.ts';

const faults = (root: Record<string, unknown>) =>
  priorityFaults(root).map(({ path, message }) => `${path.join('.')} ${message}`);
const EVEN = { latency: 0.25, capacity: 0.25, health: 0.25, diversity: 0.25 };

test('the published weights sum to 1', () => {
  for (const { latency, capacity, health, diversity } of Object.values(PRIORITIES)) {
    expect(latency + capacity + health + diversity).toBeCloseTo(1, 12);
  }
  expect(PRIORITIES['balanced']).toEqual({ latency: 0.3, capacity: 0.25, health: 0.3, diversity: 0.15 });
});

test('weights must sum to 1, within a millionth', () => {
  const sum = (health: number) => faults({ routing: { priorities: { x: { ...EVEN, health } } } });
  expect(sum(0.25)).toEqual([]);
  expect(sum(0.25 + 9e-7)).toEqual([]);
  expect(sum(0.25 - 9e-7)).toEqual([]);
  expect(sum(0.250002)).toEqual([
    'routing.priorities.x has weights that sum to 1.000002; change them so that latency, capacity, health and diversity sum to 1',
  ]);
  expect(sum(0.2)).toHaveLength(1);
});

test('weights that a person would call a sum of 1 are one, whatever doubles make of it', () => {
  const cents = fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)).map((cuts) => cuts.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(cents, ([a = 0, b = 0, c = 0]) => {
      const x = { latency: a / 100, capacity: (b - a) / 100, health: (c - b) / 100, diversity: (100 - c) / 100 };
      expect(faults({ routing: { priorities: { x } } })).toEqual([]);
    }),
  );
});

test('weights that have a fault of their own are not added up', () => {
  expect(faults({ routing: { priorities: { x: { ...EVEN, health: -1 }, y: { latency: 1 }, z: 5 } } })).toEqual([]);
});

test('a default priority exists, in the file or in the service', () => {
  const own = { priorities: { mine: EVEN }, default_priority: 'mine' };
  expect(faults({ routing: own })).toEqual([]);
  expect(
    faults({ routing: { priorities: { mine: EVEN } }, services: { s: { routing: { default_priority: 'mine' } } } }),
  ).toEqual([]);
  expect(faults({ services: { s: { routing: own } } })).toEqual([]);
  expect(faults({ services: { s: { routing: own }, t: { routing: { default_priority: 'mine' } } } })).toEqual([
    expect.stringContaining('services.t.routing.default_priority names no priority: "mine"'),
  ]);
  expect(faults({ routing: { default_priority: 'latencyy' } })).toEqual([
    'routing.default_priority names no priority: "latencyy"; there are latency, reliability, balanced, and others go under priorities; did you mean "latency"?',
  ]);
});

test('there are at most 32, with the inherited ones', () => {
  const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, EVEN]));
  expect(faults({ routing: { priorities: named(PRIORITIES_MAX - 3) } })).toEqual([]);
  expect(faults({ routing: { priorities: named(PRIORITIES_MAX - 2) } })).toEqual([
    expect.stringContaining('makes 33 priorities with the inherited ones; at most 32 fit'),
  ]);
});
