import { expect, test } from 'vitest';
import { hashOf, mixed, unitOf } from '../../../src/routing/hash.ts';

test('texts that differ little are far apart, and the same text is the same everywhere', () => {
  expect(hashOf('192.0.2.1')).toBe(hashOf('192.0.2.1'));
  const units = Array.from({ length: 10_000 }, (_, i) => unitOf(hashOf(`192.0.2.${i}`)));
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const inside = units.filter((unit) => Math.floor(unit * 10) === tenth).length;
    expect(Math.abs(inside - 1000)).toBeLessThan(150);
  }
});

test('units are never 0 or 1, whose logarithms are of no use', () => {
  expect(unitOf(0)).toBeGreaterThan(0);
  expect(unitOf(0xffffffff)).toBeLessThan(1);
  expect(mixed(0)).toBe(0);
});
