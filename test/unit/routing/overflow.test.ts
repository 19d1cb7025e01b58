import { expect, test } from 'vitest';
import { AS_NEAR_MS, homeMsOf, isOverflow } from '../../../src/routing/overflow.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { threeClouds, topologyOf } from '../../support/topology.ts';

test('a request is at home where its client is near, and its own of all that are about as near', () => {
  const { view } = stageOf(threeClouds());
  const ask = askOf(view, [5, 5 + AS_NEAR_MS, 6 + AS_NEAR_MS]);
  ask.homeMs = homeMsOf(view, ask);
  expect(ask.homeMs).toBe(5);
  expect([0, 1, 2].map((i) => isOverflow(view, i, ask))).toEqual([false, false, true]);
});

test('where a fence keeps the nearest away, the next is home', () => {
  const { view } = stageOf(threeClouds());
  expect(homeMsOf(view, askOf(view, [5, 50, 80], { allowed: Uint8Array.of(0, 1, 1) }))).toBe(50);
});

test('a lower tier is home to nobody, unless there is no other for the client', () => {
  const { view } = stageOf(
    topologyOf(`version: 1
services:
  shop:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1" }
      - { cloud: gcp, region: us-east4, url: "http://10.0.0.2", tier: 2 }
`),
  );
  const both = askOf(view, [5, 5]);
  both.homeMs = homeMsOf(view, both);
  expect(isOverflow(view, 1, both)).toBe(true);
  const fenced = askOf(view, [5, 5], { allowed: Uint8Array.of(0, 1) });
  fenced.homeMs = homeMsOf(view, fenced);
  expect(isOverflow(view, 1, fenced)).toBe(false);
});
