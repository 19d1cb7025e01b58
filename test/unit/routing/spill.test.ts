import { expect, test } from 'vitest';
import { NOBODY, select } from '../../../src/routing/select.ts';
import { brakeOf } from '../../../src/routing/spill.ts';
import { STANDINGS, standingOf } from '../../../src/routing/standing.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const braked = (routing: string) =>
  stageOf(threeClouds({ service: `routing: { default_priority: latency, ${routing} }` }));
const ms = [5, 80, 150];
const nameOf = ({ view, live }: Stage, i: number) => {
  const ask = askOf(view, ms);
  select(view, live, ask);
  return STANDINGS[standingOf(view, i, live, ask)]?.name;
};
const chosen = ({ view, live }: Stage, more = {}) => select(view, live, askOf(view, ms, more));

test('a service that names nothing of it has no brake', () => {
  const { view } = stageOf(threeClouds());
  expect(view.brake).toBeUndefined();
  expect(brakeOf(view.service)).toBeUndefined();
});

test('from spill_at on an endpoint goes behind those that have room, and takes again what none of them can', () => {
  const stage = braked('spill_at: 85%');
  const { inFlight } = stage.live.columns;
  inFlight.set([84, 0, 0]);
  expect([chosen(stage), nameOf(stage, 0)]).toEqual([0, 'ready']);
  inFlight.set([85, 0, 0]);
  expect([chosen(stage), nameOf(stage, 0)]).toEqual([1, 'spilling']);
  inFlight.set([85, 85, 85]);
  expect(chosen(stage)).toBe(0);
  // One that just comes back does not get the whole overflow.
  inFlight.set([85, 85, 0]);
  stage.live.columns.rampFromMs[2] = 900;
  expect(chosen(stage, { share: 0.9, heldBackMs: 20_000 })).toBe(0);
});

test('by what was learned of its capacity', () => {
  const stage = braked('spill_at: 85%');
  stage.live.columns.inFlight.set([85, 0, 0]);
  stage.live.columns.capacityFit[0] = 2;
  expect(chosen(stage)).toBe(0);
});

test('from shed_at on it gets nothing more, in panic neither', () => {
  const stage = braked('shed_at: 100%');
  const { inFlight, state } = stage.live.columns;
  inFlight.set([100, 99, 100]);
  expect([chosen(stage), nameOf(stage, 0)]).toEqual([1, 'saturated']);
  inFlight[1] = 100;
  expect(chosen(stage)).toBe(NOBODY);
  state.fill(3);
  expect(chosen(stage)).toBe(NOBODY);
});

test('what is not its own it takes up to overflow_max only', () => {
  const stage = braked('overflow_max: 50%');
  const { inFlight, drained } = stage.live.columns;
  // The nearest takes what is its own beyond that …
  inFlight.set([90, 0, 0]);
  expect(chosen(stage)).toBe(0);
  // … and the others of it only half of what they are built for.
  drained[0] = 1;
  expect(chosen(stage)).toBe(1);
  inFlight.set([0, 50, 0]);
  expect([chosen(stage), nameOf(stage, 1)]).toEqual([2, 'reserved']);
  inFlight.set([0, 50, 50]);
  expect(chosen(stage)).toBe(NOBODY);
});

test('an endpoint may have a bound of its own, or none', () => {
  const service = threeClouds({ service: 'routing: { overflow_max: 50% }' }).services[0];
  const endpoints = service?.endpoints.map((endpoint, i) => ({
    ...endpoint,
    overflowMax: [undefined, 0.2, Number.POSITIVE_INFINITY][i],
  }));
  expect(service && [...(brakeOf({ ...service, endpoints: endpoints ?? [] })?.overflow ?? [])]).toEqual([
    0.5,
    0.2,
    Number.POSITIVE_INFINITY,
  ]);
});
