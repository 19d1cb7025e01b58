import { expect, test } from 'vitest';
import { typicalFactors } from '../../../src/geo/factors.ts';
import { HUBS } from '../../../src/geo/hubs.ts';
import { LINKS } from '../../../src/geo/links.ts';
import { Network, nearbyShare } from '../../../src/geo/network.ts';
import { siteKm, siteOf } from '../../../src/geo/site.ts';
import { SUBREGIONS } from '../../../src/geo/subregions.ts';

const hubIndex = (name: string): number => HUBS.findIndex((hub) => hub.name === name);
const at = (name: string) => HUBS[hubIndex(name)] ?? { latitude: 0, longitude: 0 };
const site = (name: string, country: string) => siteOf({ ...at(name), country });
const namesOf = (link: number): string =>
  [LINKS[link]?.a, LINKS[link]?.b].map((hub) => HUBS[hub ?? -1]?.name).join('-');

test('a way over links is their sum, and is found from both ends', () => {
  const network = new Network(typicalFactors());
  const way = network.linksBetween(hubIndex('lisbon'), hubIndex('frankfurt'));
  expect(way.map(namesOf).length).toBeGreaterThanOrEqual(3);
  const ms = way.reduce((sum, link) => {
    const { km = 0, medium = 'land' } = LINKS[link] ?? {};
    return sum + (km / 100) * (medium === 'land' ? 1.5 : 1.25);
  }, 0);
  const [lisbon, frankfurt] = [site('lisbon', 'PT'), site('frankfurt', 'DE')];
  expect(network.route(lisbon, frankfurt, siteKm(lisbon, frankfurt)).pathMs).toBeCloseTo(ms, 6);
  expect(network.linksBetween(hubIndex('frankfurt'), hubIndex('lisbon')).toReversed()).toEqual(way);
});

test('a slow link is gone round', () => {
  const factors = typicalFactors();
  const link = LINKS.findIndex((_, index) => namesOf(index) === 'new-york-london');
  const before = new Network(factors).linksBetween(hubIndex('new-york'), hubIndex('london'));
  factors.linkInflation[link] = 9;
  const after = new Network(factors).linksBetween(hubIndex('new-york'), hubIndex('london'));
  expect(before).toEqual([link]);
  expect(after).not.toContain(link);
});

test('the factor of two subregions lengthens the path and not the ends', () => {
  const [sydney, tokyo] = [site('sydney', 'AU'), site('tokyo', 'JP')];
  const factors = typicalFactors();
  const plain = new Network(factors).rttMs(sydney, tokyo);
  factors.pairFactor[sydney.subregion * SUBREGIONS.length + tokyo.subregion] = 2;
  const network = new Network(factors);
  const path = network.route(sydney, tokyo, siteKm(sydney, tokyo)).pathMs;
  expect(network.rttMs(sydney, tokyo) - plain).toBeCloseTo(path, 6);
});

test('nothing is faster than light, whatever was fitted', () => {
  const factors = { ...typicalFactors(), pairFactor: SUBREGIONS.flatMap(() => SUBREGIONS.map(() => 0.1)) };
  const [sydney, tokyo] = [site('sydney', 'AU'), site('tokyo', 'JP')];
  expect(new Network(factors).rttMs(sydney, tokyo)).toBe(siteKm(sydney, tokyo) / 100);
});

test('neighbours pay a fifth of the fixed cost, strangers all of it', () => {
  expect(nearbyShare(0)).toBeCloseTo(0.2, 12);
  expect(nearbyShare(5000)).toBeCloseTo(1, 12);
});
