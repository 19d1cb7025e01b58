import { expect, test } from 'vitest';
import { priorityOf } from '../../../src/routing/priorities.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const own =
  'routing: { default_priority: mine, priorities: { mine: { latency: 1, capacity: 0, health: 0, diversity: 0 } } }';
const { view } = stageOf(threeClouds({ service: own }));

const PUBLISHED = {
  latency: { latency: 0.5, capacity: 0.2, health: 0.25, diversity: 0.05 },
  reliability: { latency: 0.1, capacity: 0.3, health: 0.4, diversity: 0.2 },
  balanced: { latency: 0.3, capacity: 0.25, health: 0.3, diversity: 0.15 },
};
const MINE = { latency: 1, capacity: 0, health: 0, diversity: 0 };

test.each(Object.entries(PUBLISHED))('%s weighs as published', (name, weights) => {
  expect(priorityOf(view, name)).toEqual({ name, weights, known: true });
});

test.each([' Latency ', 'LATENCY', 'latency'])('"%s" is latency', (header) => {
  expect(priorityOf(view, header).name).toBe('latency');
});

test('without the header it is the default', () => {
  expect(priorityOf(view, undefined)).toEqual({ name: 'mine', weights: MINE, known: true });
  expect(priorityOf(stageOf(threeClouds()).view, undefined).name).toBe('balanced');
});

test.each(['cheapest', '', 'latency, balanced', '__proto__', 'constructor'])(
  '"%s" is unknown: the default',
  (header) => {
    expect(priorityOf(view, header)).toEqual({ name: 'mine', weights: MINE, known: false });
  },
);
