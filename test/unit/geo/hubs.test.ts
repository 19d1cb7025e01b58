import { expect, test } from 'vitest';
import { greatCircleKm } from '../../../src/geo/great-circle.ts';
import { HUBS } from '../../../src/geo/hubs.ts';

test('hubs have names of their own and stand apart', () => {
  expect(new Set(HUBS.map(({ name }) => name)).size).toBe(HUBS.length);
  for (const [index, hub] of HUBS.entries()) {
    for (const other of HUBS.slice(0, index)) {
      expect(greatCircleKm(hub, other), `${hub.name} ${other.name}`).toBeGreaterThan(90);
    }
  }
});

test.each([
  ['london', 51.5, -0.1],
  ['singapore', 1.3, 103.8],
  ['sao-paulo', -23.5, -46.6],
])('%s is where it is', (name, latitude, longitude) => {
  expect(HUBS.find((hub) => hub.name === name)).toEqual({ name, latitude, longitude });
});

test('no part of the world where people live is far from a hub', () => {
  for (const [latitude, longitude] of [
    [40, -100],
    [-25, -55],
    [50, 10],
    [0, 20],
    [30, 60],
    [20, 100],
    [35, 105],
    [-30, 140],
    [60, 90],
  ] as const) {
    const nearest = Math.min(...HUBS.map((hub) => greatCircleKm(hub, { latitude, longitude })));
    expect(nearest, `${latitude}, ${longitude}`).toBeLessThan(2000);
  }
});
