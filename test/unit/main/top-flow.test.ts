import { expect, test } from 'vitest';
import { READINGS_MAX, TopFlow } from '../../../src/main/top-flow.ts';

const counted = (id: string, requests: number, errors = 0) => ({ id, requests, errors });

test('rates and shares over the last readings', () => {
  const flow = new TopFlow();
  expect(flow.flows().get('')).toEqual({ perSecond: 0, errorsPerSecond: 0, share: 0 });
  flow.add([counted('a', 100), counted('b', 0)], 0);
  flow.add([counted('a', 130, 5), counted('b', 10)], 1000);
  expect(flow.flows().get('')).toEqual({ perSecond: 40, errorsPerSecond: 5, share: 1 });
  expect(flow.flows().get('a')).toEqual({ perSecond: 30, errorsPerSecond: 5, share: 0.75 });
});

test('a restarted edge counts from nothing, and old readings go', () => {
  const flow = new TopFlow();
  flow.add([counted('a', 1000)], 0);
  flow.add([counted('a', 10)], 1000);
  expect(flow.flows().get('a')?.perSecond).toBe(10);
  for (let second = 2; second < 2 + READINGS_MAX; second += 1) flow.add([counted('a', 10)], second * 1000);
  expect(flow.flows().get('a')?.perSecond).toBe(0);
});
