import { expect, test } from 'vitest';
import { sceneOf } from '../../bench/decide/scene.ts';

test.each([
  { endpoints: 3, policies: true },
  { endpoints: 9, policies: true },
  { endpoints: 3, policies: false },
  { endpoints: 100, policies: true },
])('a scene of $endpoints endpoints is a file that loads, with somebody to send to, policies $policies', (spec) => {
  for (const select of ['best', 'weighted'] as const) {
    const { attempter, exchange } = sceneOf({ ...spec, select, failover: false });
    expect(attempter.take(exchange, 'panic-allowed')).toBeDefined();
  }
});
