import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';

/** A little of what `npm run fences` does a million times, with seeds of its own: here it is always the same, there it is always new. */
test.each([1, 2, 3])('nothing leaks through a fence: seed %d', (seed) => {
  const { leaks, figures } = campaign(seed, 10_000);
  expect(leaks).toEqual([]);
  // All that it is about has happened.
  for (const count of ['attempts', 'copies', 'fallbacks', 'panics', 'refusals', 'reloads', 'redirects'] as const) {
    expect(figures[count], count).toBeGreaterThan(20);
  }
});

test.each(['masks', 'copies'] as const)('a product that is blind for %s is caught', (blind) => {
  expect(campaign(1, 2000, blind).leaks.length).toBeGreaterThan(10);
});
