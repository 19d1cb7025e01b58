import { expect, test } from 'vitest';
import { ClientMeter, SERVICE_TOLD_MAX } from '../../../src/fleet/client-meter.ts';
import { clientName } from '../../../src/resilience/client-places.ts';
import { LIMIT_KEYS, LIMIT_WAYS } from '../../../src/table/limit-cells.ts';

const FAST = { service: 'shop', requestsPerSecond: 100 };
const SLOW = { service: 'api', requestsPerSecond: 10 / 60 };

function meterOf() {
  const columns = {
    clientKey: new Int32Array(LIMIT_KEYS),
    clientAsked: new Int32Array(LIMIT_KEYS),
    clientRule: new Int32Array(LIMIT_KEYS),
  };
  const meter = new ClientMeter(columns);
  const rates = new Map([
    [3, FAST],
    [4, SLOW],
  ]);
  return {
    columns,
    ask: (at: number, { key = at + 1, rule = 3, requests = 0 }) => {
      columns.clientKey[at] = key;
      columns.clientRule[at] = rule;
      columns.clientAsked[at] = (columns.clientAsked[at]! + requests) | 0;
    },
    look: (others: (name: number) => number = () => 0, edges = 2, elapsedMs = 1000) =>
      meter.look({ rates, others, edges, elapsedMs }),
  };
}

test('a client that asks for more than a quarter of its limit, of two edges, is told of, and one that asks for less is not', () => {
  const { ask, look } = meterOf();
  let told = look();
  for (let second = 0; second < 8; second += 1) {
    ask(8, { requests: 30 });
    ask(16, { requests: 20 });
    told = look();
  }
  expect(told.map(({ at, service, name }) => [at, service, name])).toEqual([[8, 'shop', clientName(8, 9)]]);
});

test('what it asks is followed, and a client that asks no more is soon told of no more', () => {
  const { ask, look } = meterOf();
  for (let second = 0; second < 40; second += 1) {
    ask(8, { requests: 150 });
    look();
  }
  ask(8, { requests: 150 });
  expect(look()[0]?.demand.steady).toBeCloseTo(1.5, 3);
  let seconds = 0;
  while (look().length > 0) seconds += 1;
  expect(seconds).toBeLessThanOrEqual(5);
  // Of others that tell of it, too, for as long as the mean is something.
  ask(8, { requests: 1 });
  expect(look(() => 2)).toHaveLength(1);
  for (let second = 0; second < 30; second += 1) look(() => 2);
  expect(look(() => 2)).toEqual([]);
});

test('once the others tell of half its limit, whatever it asks here is told', () => {
  const { ask, look } = meterOf();
  ask(8, { requests: 1 });
  expect(look(() => 0.4)).toEqual([]);
  expect(look(() => 0.6)).toHaveLength(1);
  expect(look((name) => (name === clientName(8, 9) ? 0 : 0.6))).toEqual([]);
});

test('a client of a slow limit is found though hardly anything comes between two looks', () => {
  const { ask, look } = meterOf();
  let found = 0;
  for (let second = 0; second < 120; second += 1) {
    // Half of ten a minute.
    if (second % 12 === 0) ask(8, { rule: 4, requests: 1 });
    if (second >= 24) found += look().length;
    else look();
  }
  expect(found).toBeGreaterThan(60);
});

test('who takes the place of another does not take over what was asked there', () => {
  const { ask, look, columns } = meterOf();
  for (let second = 0; second < 5; second += 1) {
    ask(8, { requests: 150 });
    look();
  }
  // As a thread does when it makes a place.
  columns.clientAsked[8] = 0;
  ask(8, { key: 77, requests: 1 });
  expect(look()).toEqual([]);
  for (let second = 0; second < 5; second += 1) {
    ask(8, { requests: 150, key: 77 });
    look();
  }
  expect(look().map(({ name }) => name)).toEqual([clientName(8, 77)]);
});

test('counts go round', () => {
  const { ask, look, columns } = meterOf();
  ask(8, {});
  look();
  columns.clientAsked[8] = 2 ** 31 - 10;
  look();
  for (let second = 0; second < 60; second += 1) look();
  ask(8, { requests: 80 });
  expect(columns.clientAsked[8]).toBeLessThan(0);
  const [told] = look();
  expect(told?.demand.quick).toBeCloseTo(0.8, 2);
});

test('rules that edges do not share are not looked at', () => {
  const { ask, look } = meterOf();
  ask(8, { rule: 9, requests: 1000 });
  expect(look()).toEqual([]);
});

test('of a flood of clients the heaviest are told of, so many of each service, whatever their places are', () => {
  const { ask, look } = meterOf();
  const rounds = 4;
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < 5000; i += 1) ask(i * LIMIT_WAYS, { requests: 100 + ((i * 7919) % 5000) });
    for (let i = 0; i < 5000; i += 1) ask(i * LIMIT_WAYS + 1, { rule: 4, requests: 5 + (i % 100) });
    const told = look();
    expect(told.filter(({ service }) => service === 'shop')).toHaveLength(SERVICE_TOLD_MAX);
    expect(told.filter(({ service }) => service === 'api')).toHaveLength(SERVICE_TOLD_MAX);
    const heaviest = new Set(
      Array.from({ length: 5000 }, (_, i) => i)
        .toSorted((a, b) => ((b * 7919) % 5000) - ((a * 7919) % 5000))
        .slice(0, SERVICE_TOLD_MAX)
        .map((i) => i * LIMIT_WAYS),
    );
    for (const { at, service } of told) if (service === 'shop') expect(heaviest.has(at)).toBe(true);
  }
});
