import { expect, test } from 'vitest';
import { loadUndici, undici } from '../../../src/degraded/undici.ts';
import { readyForLadders } from '../../../src/edge/ladder/ladders.ts';
import { threeClouds } from '../../support/topology.ts';

test('it is loaded where a service has a ladder, once, and nowhere else', async () => {
  expect(() => undici()).toThrow('not loaded');
  expect(readyForLadders(threeClouds())).toBeUndefined();
  expect(() => undici()).toThrow('not loaded');
  await readyForLadders(threeClouds({ service: 'degraded: {}' }));
  expect(undici().Pool).toBeTypeOf('function');
  expect([loadUndici(), readyForLadders(threeClouds({ service: 'degraded: {}' }))]).toEqual([undefined, undefined]);
});
