import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { isRefused, takeNoMoreOf } from '../../../../src/edge/client/refused-connections.ts';

test('a connection is refused from its first refusal on, and no other is', () => {
  const [one, other] = [new Socket(), new Socket()];
  expect(isRefused(one)).toBe(false);
  takeNoMoreOf(one);
  expect([isRefused(one), isRefused(other)]).toEqual([true, false]);
});
