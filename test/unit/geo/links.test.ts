import { expect, test } from 'vitest';
import { HUBS } from '../../../src/geo/hubs.ts';
import { LINKS } from '../../../src/geo/links.ts';

test('a link is named once and joins two different hubs', () => {
  const names = LINKS.map(({ a, b }) => `${HUBS[Math.min(a, b)]?.name} ${HUBS[Math.max(a, b)]?.name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(LINKS.filter(({ a, b }) => a === b)).toEqual([]);
});

test('every hub can be reached from every other', () => {
  const reached = new Set([0]);
  for (const hub of reached) {
    for (const { a, b } of LINKS.filter((link) => link.a === hub || link.b === hub)) reached.add(a).add(b);
  }
  expect(HUBS.filter((_, index) => !reached.has(index))).toEqual([]);
});

test('a link on land stays on a continent', () => {
  expect(LINKS.filter(({ medium, km }) => medium === 'land' && km > 4000)).toEqual([]);
});
