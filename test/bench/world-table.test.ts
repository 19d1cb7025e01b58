import { expect, test } from 'vitest';
import type { Summary } from '../../bench/world/figures.ts';
import type { Flight, Try } from '../../bench/world/flight.ts';
import { missedGoals } from '../../bench/world/goals.ts';
import { type Choice, jobsOf, linesOf } from '../../bench/world/jobs.ts';
import { type Line, tableOf } from '../../bench/world/table.ts';
import { Waits } from '../../bench/world/waits.ts';

const CALM: Summary = {
  requests: 1000,
  meanMs: 50,
  p50Ms: 40,
  p95Ms: 90,
  p99Ms: 100,
  failedGet: 0,
  failed: 0,
  slow: 0,
  abroad: 0.2,
  busiest: 0.9,
  busy: 0.7,
  waver: 1,
  kept: Number.NaN,
  awayMs: Number.NaN,
  backMs: Number.NaN,
  failedMs: 0,
  overMs: 0,
  fairness: 1,
};
const CHOICE: Choice = {
  scenarios: ['peak', 'one edge'],
  seeds: [1, 2],
  fleets: [false, true],
  rates: [2000, 20_000],
  endpoints: undefined,
  layout: 'first',
  only: undefined,
  queue: 4,
  declared: 2,
  setting: { reportS: 1, priority: undefined, yaml: '', threads: 2 },
};
const line = (who: string, changed: Partial<Summary>, scenario = 'peak'): Line => ({
  scenario,
  who,
  rate: 2000,
  endpoints: 9,
  summaries: [CALM, { ...CALM, ...changed }],
  oracles: [CALM, CALM],
});

test('every scenario is run by the oracle, by the product alone and in a fleet, and by the others where that is cheap', () => {
  const jobs = jobsOf(CHOICE);
  const parties = (scenario: string, rate: number) =>
    jobs
      .filter((job) => job.scenario === scenario && job.world.spec.peakRate === rate && job.world.spec.seed === 1)
      .map(({ who, setting }) => `${who}${setting.fleet ? ' in a fleet' : ''}`);
  expect(parties('peak', 2000).slice(0, 4)).toEqual(['oracle', 'product', 'product in a fleet', 'nearest']);
  expect(parties('peak', 20_000)).toEqual(['oracle', 'product', 'product in a fleet']);
  expect(parties('one edge', 20_000)).toEqual(['oracle', 'product']);
  expect(new Set(jobs.map(({ world }) => `${world.spec.peakRate} ${world.spec.endpoints}`))).toEqual(
    new Set(['2000 9', '20000 18']),
  );
});

test('the seeds of a line come together in their order, each beside its oracle', () => {
  const done = jobsOf({ ...CHOICE, rates: [2000], scenarios: ['peak'], only: 'product' }).toReversed();
  const summaryOf = (seed: number, who: string) => ({ ...CALM, meanMs: seed * (who === 'oracle' ? 10 : 20) });
  const lines = linesOf(done.map((job) => ({ job, cpuMs: 1, summary: summaryOf(job.world.spec.seed, job.who) })));
  expect(lines.map(({ who }) => who)).toEqual(['oracle', 'Meridian', 'Meridian, fleet']);
  expect(lines[1]?.summaries.map(({ meanMs }) => meanMs)).toEqual([20, 40]);
  expect(lines[1]?.oracles.map(({ meanMs }) => meanMs)).toEqual([10, 20]);
});

test('a table has means over the seeds, and nothing where there is nothing to say', () => {
  const [, , cells] = tableOf([
    line('Meridian', { meanMs: 100, failed: 0.001, awayMs: Number.POSITIVE_INFINITY }),
  ]).split('\n');
  expect(cells).toContain('75.0');
  expect(cells).toContain('1.500');
  expect(cells).toContain('0.050');
  expect(tableOf([line('Meridian', {})])).not.toContain('NaN');
});

test('what misses a goal is named with its worst figure, and others than the product have no goals', () => {
  expect(missedGoals([line('Meridian', {}), line('nearest', { meanMs: 100 })], undefined)).toEqual([]);
  expect(missedGoals([line('Meridian', { meanMs: 60, failed: 0.01 })], undefined)).toEqual([
    'peak, Meridian, 2000 a second: mean 1.2 of at most 1.05, failed 0.01 of at most 0',
  ]);
  expect(missedGoals([line('Meridian', { meanMs: 60 })], 'reliability')).toEqual([
    'peak, Meridian, 2000 a second: abroad 0.2 of at most 0.15',
  ]);
});

test('a fleet is held against the same edges alone', () => {
  const lines = [line('Meridian', {}, 'cold start'), line('Meridian, fleet', { meanMs: 60 }, 'cold start')];
  expect(missedGoals(lines, undefined)).toEqual([
    'cold start, Meridian, fleet, 2000 a second: mean over that of the edges alone 1.100 of at most 1.02',
  ]);
});

test('whoever waits for too long is told of once, and nobody else', () => {
  const booked: number[] = [];
  const waits = new Waits((atMs) => booked.push(atMs));
  const waiting = (slot: number): Try => ({
    flight: {} as Flight,
    endpoint: 0,
    sentMs: 0,
    slot,
    status: 0,
    dropped: false,
    heard: false,
    attempt: undefined,
  });
  const tries = [0, 1, 2, 3].map(waiting) as [Try, Try, Try, Try];
  for (const one of tries) waits.add(one, 1000 + one.slot * 100, 1000);
  tries[1].heard = true;
  const told: number[] = [];
  const tell = (one: Try) => void told.push(one.slot);
  waits.due(999, tell);
  expect(told).toEqual([]);
  waits.due(1200, tell);
  expect(told).toEqual([0, 2]);
  waits.due(1300, tell);
  expect(told).toEqual([0, 2, 3]);
  expect(booked[0]).toBe(1000);
  expect(booked).toContain(1300);
});
