import { expect, test } from 'vitest';
import { DEAD_FOR_MS, DEAD_MAX, DeadAddresses } from '../../../../src/edge/upstream/dead-addresses.ts';

const A = { host: '10.0.0.1', port: 80 };
const B = { host: '10.0.0.1', port: 81 };

function holder() {
  const clock = { ms: 0, nowMs: () => clock.ms };
  return { clock, dead: new DeadAddresses(clock) };
}

test('an address is dead for a while, or until it takes a connection', () => {
  const { clock, dead } = holder();
  expect(dead.isDead(A)).toBe(false);
  dead.died(A);
  expect([dead.isDead(A), dead.isDead(B)]).toEqual([true, false]);
  clock.ms = DEAD_FOR_MS - 1;
  expect(dead.isDead(A)).toBe(true);
  clock.ms = DEAD_FOR_MS;
  expect(dead.isDead(A)).toBe(false);
  expect(dead.size).toBe(0);
  dead.died(A);
  dead.lived(A);
  expect(dead.isDead(A)).toBe(false);
});

test('no more than so many are remembered, and the first goes first', () => {
  const { dead } = holder();
  for (let port = 1; port <= DEAD_MAX; port += 1) dead.died({ host: 'a', port });
  dead.died({ host: 'a', port: 1 });
  dead.died({ host: 'b', port: 1 });
  expect(dead.size).toBe(DEAD_MAX);
  expect(dead.isDead({ host: 'a', port: 1 })).toBe(true);
  expect(dead.isDead({ host: 'a', port: 2 })).toBe(false);
});
