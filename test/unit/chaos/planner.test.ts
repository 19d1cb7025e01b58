import { expect, test } from 'vitest';
import { ChaosPlanner } from '../../../src/chaos/planner.ts';
import type { Endpoint } from '../../../src/config/topology.ts';
import type { Event } from '../../../src/table/event.ts';
import { runningOf } from '../../support/chaos.ts';
import { threeClouds } from '../../support/topology.ts';

const endpoints = threeClouds().services.flatMap((service) => service.endpoints);
const [aws, gcp] = [endpoints[0] as Endpoint, endpoints[1] as Endpoint];
const shop = { service: { name: 'shop' } };
const byLatency = { view: shop, priority: { name: 'latency' } };
const balanced = { view: shop, priority: { name: 'balanced' } };
const AT = { draw: 0.5, nowMs: 0 };

test('it plans what runs, and only that', () => {
  const planner = new ChaosPlanner();
  expect(planner.running).toBe(false);
  planner.run([
    runningOf('slow', { kind: 'latency', delayMs: 5 }, { scope: { endpoint: aws.id, priority: 'latency' } }),
  ]);
  expect(planner.running).toBe(true);
  expect(planner.plan(aws, byLatency, AT)).toMatchObject({ delayMs: 5 });
  expect(planner.plan(aws, balanced, AT)).toBeUndefined();
  expect(planner.plan(gcp, byLatency, AT)).toBeUndefined();
  planner.run([]);
  expect(planner.running).toBe(false);
  expect(planner.plan(aws, byLatency, AT)).toBeUndefined();
});

test('what was put in is reported once, added up', () => {
  const planner = new ChaosPlanner();
  const events: Event[] = [];
  for (let i = 0; i < 3; i += 1) planner.injected('a', 'latency');
  planner.injected('b', 'partial');
  planner.flush((event) => events.push(event));
  planner.flush((event) => events.push(event));
  expect(events).toEqual([
    { type: 'chaos-injected', experiment: 'a', kind: 'latency', count: 3 },
    { type: 'chaos-injected', experiment: 'b', kind: 'partial', count: 1 },
  ]);
});

test('an experiment on a service leaves the others alone that share its endpoints', () => {
  const planner = new ChaosPlanner();
  planner.run([runningOf('slow', { kind: 'latency', delayMs: 5 }, { scope: { service: 'shop' } })]);
  expect(planner.plan({ ...aws, service: 'backend' }, balanced, AT)).toMatchObject({ delayMs: 5 });
  const other = { view: { service: { name: 'other' } }, priority: { name: 'balanced' } };
  expect(planner.plan({ ...aws, service: 'backend' }, other, AT)).toBeUndefined();
});
