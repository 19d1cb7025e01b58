import { expect, test } from 'vitest';
import { loadShare } from '../../../src/config/share.ts';
import { threeClouds } from '../../support/topology.ts';

test('who goes first, from when on', () => {
  const shedOf = (shed: string) => threeClouds({ service: `shed: ${shed}` }).services[0]?.shed;
  expect(shedOf('{ order: [balanced, latency] }')).toEqual({ order: ['balanced', 'latency'], from: 1, lagMaxMs: 100 });
  expect(shedOf('{ order: [latency], from: 80%, lag: 1s }')).toEqual({ order: ['latency'], from: 0.8, lagMaxMs: 1000 });
  expect(threeClouds().services[0]?.shed).toBeUndefined();
});

test.each([0, 4, '5%', '400%', 'full', undefined])('%s is no load', (value) =>
  expect(loadShare.read(value).ok).toBe(false),
);
