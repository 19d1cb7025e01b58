import { expect, test } from 'vitest';
import { select } from '../../../src/routing/select.ts';
import { NO_SET, setOfDraw, setsOf, splitOf } from '../../../src/routing/split.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { threeClouds, topologyOf } from '../../support/topology.ts';

const SPLIT = topologyOf(`version: 1
services:
  shop:
    split: { stable: 19, canary: 1 }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1", set: stable }
      - { cloud: gcp, region: us-east4, url: "http://10.0.0.2", set: canary }
`);

test('parts become steps up to 1', () => {
  const { view } = stageOf(SPLIT);
  expect(view.split?.names).toEqual(['stable', 'canary']);
  expect([...(view.split?.upTo ?? [])]).toEqual([0.95, 1]);
  expect(
    [0, 0.9499, 0.95, 0.9999].map((draw) => setOfDraw(view.split as NonNullable<typeof view.split>, draw)),
  ).toEqual([0, 0, 1, 1]);
});

test('a service that splits nothing has no sets', () => {
  const { view } = stageOf(threeClouds());
  expect(splitOf(view.service)).toBeUndefined();
  expect([...setsOf(view.service, undefined)]).toEqual([NO_SET, NO_SET, NO_SET]);
});

test('a request goes to the set that was drawn for it, and elsewhere when nobody of it can', () => {
  const { view, live } = stageOf(SPLIT);
  const chosen = (set: number) => select(view, live, askOf(view, [1, 200], { set }));
  expect([chosen(0), chosen(1)]).toEqual([0, 1]);
  live.columns.drained[view.rows[1] as number] = 1;
  expect(chosen(1)).toBe(0);
});
