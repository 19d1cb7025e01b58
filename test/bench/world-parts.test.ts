import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Agenda } from '../../bench/world/agenda.ts';
import { clientSites, wakefulness } from '../../bench/world/clients.ts';
import { Connections } from '../../bench/world/connections.ts';
import { Dice } from '../../bench/world/dice.ts';
import { Distances } from '../../bench/world/distances.ts';
import type { Try } from '../../bench/world/flight.ts';
import { Histogram } from '../../bench/world/histogram.ts';
import { awayMs, BIN_MS, backMs, keptShare, waverOf } from '../../bench/world/loads.ts';
import { demandAt, worldMap } from '../../bench/world/map.ts';
import { Origin } from '../../bench/world/origin.ts';
import { StoreServer } from '../../bench/world/stores.ts';
import { findRegion } from '../../src/config/cloud-regions.ts';
import type { Place } from '../../src/config/topology.ts';

const place = (cloud: 'aws' | 'azure' | 'gcp', region: string) => findRegion(cloud, region)?.place as Place;

test('the agenda gives out in the order of times whatever was put in', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 3000 }), (times) => {
      const agenda = new Agenda();
      for (const [at, time] of times.entries()) agenda.add(time, at);
      const out: number[] = [];
      while (agenda.size > 0) {
        const dueMs = agenda.nextMs;
        const at = agenda.take();
        expect(times[at]).toBe(dueMs);
        out.push(dueMs);
      }
      expect(out).toEqual(times.toSorted((a, b) => a - b));
      expect(agenda.nextMs).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

test('dice of one seed and stream fall alike, and of others otherwise', () => {
  const draws = (seed: number, stream: number) => {
    const dice = new Dice(seed, stream);
    return Array.from({ length: 5 }, () => dice.next());
  };
  expect(draws(1, 1)).toEqual(draws(1, 1));
  expect(draws(1, 1)).not.toEqual(draws(1, 2));
  expect(draws(1, 1)).not.toEqual(draws(2, 1));
});

test('dice have the means that they are asked for', () => {
  const dice = new Dice(7, 0);
  const mean = (draw: () => number) => Array.from({ length: 40_000 }, draw).reduce((sum, x) => sum + x, 0) / 40_000;
  expect(mean(dice.next)).toBeCloseTo(0.5, 1);
  expect(mean(() => dice.exponential(0.1))).toBeGreaterThan(9.7);
  expect(mean(() => dice.exponential(0.1))).toBeLessThan(10.3);
  expect(mean(() => dice.lognormal(30, 0.5))).toBeGreaterThan(29.5);
  expect(mean(() => dice.lognormal(30, 0.5))).toBeLessThan(30.5);
});

test('round trips are the measured ones where there are any, and noise of one world elsewhere', () => {
  const [world, other] = [new Distances(1), new Distances(2)];
  const [virginia, frankfurt] = [place('aws', 'us-east-1'), place('aws', 'eu-central-1')];
  expect(world.rttMs(virginia, frankfurt)).toBe(other.rttMs(frankfurt, virginia));
  expect(world.rttMs(virginia, frankfurt)).toBeGreaterThan(80);
  expect(world.rttMs(virginia, frankfurt)).toBeLessThan(110);
  const lagos = { latitude: 6.5, longitude: 3.4, country: 'NG' };
  expect(world.rttMs(lagos, virginia)).toBe(world.rttMs(virginia, lagos));
  expect(world.rttMs(lagos, virginia)).not.toBe(other.rttMs(lagos, virginia));
});

test('the world has some sixty countries, who sleep at night', () => {
  const sites = clientSites();
  expect(new Set(sites.map(({ country }) => country)).size).toBe(61);
  expect(sites.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
  expect(wakefulness(0, 21)).toBe(1);
  expect(wakefulness(0, 5)).toBe(0.25);
  expect(wakefulness(90, 15)).toBe(1);
  expect(wakefulness(-75, 2)).toBe(1);
});

test('demand is 1 in the busiest hour, and clients enter where they are near', () => {
  const map = worldMap({ seed: 1, layout: 'first', endpoints: 18, edges: 6, queue: 4, declared: 2, peakRate: 20_000 });
  const demands = Array.from({ length: 24 }, (_, hour) => demandAt(map, hour).reduce((sum, part) => sum + part, 0));
  expect(Math.max(...demands)).toBeCloseTo(1, 9);
  expect(demands.indexOf(Math.max(...demands))).toBe(map.peakHour);
  const berlin = map.sites.findIndex(({ country }) => country === 'DE');
  expect(map.edges[map.edgeOf[berlin] ?? 0]?.id).toBe('fra');
  expect(map.capacityRate / 20_000).toBeCloseTo(1.3, 1);
});

test('an endpoint works on some, has some wait in order, and refuses the rest', () => {
  const origin = new Origin(1, 2);
  const [one, two, three, four] = Array.from({ length: 4 }, (_, slot) => ({ slot }) as Try) as [Try, Try, Try, Try];
  expect([one, two, three, four].map((each) => origin.enter(each))).toEqual(['begins', 'waits', 'waits', 'full']);
  expect(origin.load).toBe(3);
  expect([origin.leave(), origin.leave(), origin.leave()]).toEqual([two, three, undefined]);
  expect(origin.load).toBe(0);
});

test('a connection is used again until it was idle for too long or is cut', () => {
  const connections = new Connections(2);
  expect(connections.take(1, 0)).toBe(false);
  connections.give(1, 0);
  expect(connections.take(0, 10)).toBe(false);
  expect(connections.take(1, 10)).toBe(true);
  connections.give(1, 20);
  expect(connections.take(1, 60_000)).toBe(false);
  connections.give(1, 60_000);
  connections.cut(1);
  expect(connections.take(1, 60_001)).toBe(false);
});

test('quantiles are right to about one per cent', () => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 1000; ms += 1) histogram.add(ms);
  expect(histogram.mean).toBeCloseTo(500.5, 6);
  expect(Math.abs(histogram.quantile(0.5) / 500 - 1)).toBeLessThan(0.015);
  expect(Math.abs(histogram.quantile(0.99) / 990 - 1)).toBeLessThan(0.015);
});

test('load that is chance wavers by 1, an even one by 0, one that swings by more', () => {
  const span = { fromMs: 0, toMs: 200_000, sliceMs: 200_000 };
  const bins = (of: (second: number) => number) =>
    Float64Array.from({ length: 800 }, (_, bin) => (bin % 4 === 0 ? of(bin / 4) : 0));
  const dice = new Dice(3, 3);
  const chance = () => Array.from({ length: 1000 }, () => Number(dice.next() < 0.1)).reduce((sum, hit) => sum + hit, 0);
  expect(waverOf([bins(() => 100)], span)).toBe(0);
  expect(waverOf([bins(chance)], span)).toBeGreaterThan(0.8);
  expect(waverOf([bins(chance)], span)).toBeLessThan(1.1);
  expect(waverOf([bins((second) => (second % 2) * 200)], span)).toBeCloseTo(10, 1);
});

test('how long it takes until nothing is sent to an endpoint in trouble, and until it is back', () => {
  const rates = (atMs: number) => (atMs < 12_000 || atMs >= 47_000 ? 100 : 1);
  const bins = [Float64Array.from({ length: 400 }, (_, bin) => rates(bin * BIN_MS))];
  const hurt = { bins, fromMs: 10_000, toMs: 40_000 };
  expect(awayMs(hurt)).toBe(2000);
  expect(keptShare(hurt)).toBeCloseTo(0.01, 6);
  expect(Math.abs(backMs(hurt) - 6500)).toBeLessThanOrEqual(BIN_MS);
  const never = { bins: [Float64Array.from({ length: 400 }, () => 100)], fromMs: 10_000, toMs: 40_000 };
  expect(awayMs(never)).toBe(Number.POSITIVE_INFINITY);
  expect(keptShare(never)).toBe(1);
});

test('a store gives each edge what it does not know yet, and asks for names that it lacks', () => {
  const store = new StoreServer();
  const names = { hash: 'h', text: undefined };
  const told = store.tell({ edge: 'a', text: 'report', names, known: {} });
  expect(told).toEqual({ wantsNames: true, counted: '', digests: [] });
  store.tell({ edge: 'a', text: 'report', names: { hash: 'h', text: '[]' }, known: {} });
  expect([...store.reports]).toEqual([['a', 'report']]);
  const publish = { region: 'eu', number: '1', text: 'all', clients: '', names: [names], counted: { a: '1:7' } };
  expect(store.publish({ ...publish, forget: [] })).toEqual([]);
  const heard = store.tell({ edge: 'a', text: 'report', names, known: {} });
  expect(heard).toEqual({ wantsNames: false, counted: '1:7', digests: [['eu', '1 all']] });
  const next = () => store.tell({ edge: 'a', text: 'report', names, known: { eu: '1' } }).digests;
  expect(next()).toEqual([]);
  store.publish({ ...publish, clients: 'a.b.2', forget: [] });
  expect(next()).toEqual([['eu clients', '1 a.b.2']]);
  store.publish({ ...publish, forget: [] });
  expect(next()).toEqual([]);
});

test('the first that asks for the lease keeps it as long as it goes on asking', () => {
  const store = new StoreServer();
  const poll = (edge: string, nowMs: number) =>
    store.poll({ life: '', after: 0, changesMax: 0, lease: { edge, ms: 3000 } }, nowMs).keeper;
  expect([poll('a', 0), poll('b', 1000), poll('a', 2000), poll('b', 4000), poll('b', 6000)]).toEqual([
    'a',
    'a',
    'a',
    'a',
    'b',
  ]);
});
