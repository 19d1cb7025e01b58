import { expect, test } from 'vitest';
import { OrderCounts } from '../../../src/observe/order-counts.ts';
import type { Event } from '../../../src/table/event.ts';
import { topologyOf } from '../config/parse-text.ts';
import { valuesOf } from './samples.ts';

const override = (more: Partial<Extract<Event, { type: 'override-changed' }>> = {}): Event => ({
  type: 'override-changed',
  kind: 'drain',
  scope: 'aws',
  status: 'in-force',
  level: 1,
  untilMs: null,
  actor: 'ann',
  reason: '',
  edge: 'here',
  ...more,
});

test('orders are counted by who gave them, where they were given; what expires was not ordered', () => {
  const counts = new OrderCounts(() => 'here');
  for (const more of [
    {},
    { status: 'lifted' },
    { actor: 'bob' },
    { edge: 'elsewhere' },
    { status: 'ended' },
  ] as const) {
    counts.onEvent(override(more));
  }
  counts.onEvent({ type: 'chaos-started', experiment: 'x', kind: 'latency', radius: 1, forMs: 1, by: 'api' });
  counts.onEvent({ type: 'cache-purged', service: 'shop', what: '*', failed: 0 });
  expect(valuesOf(counts.families(), 'meridian_orders_total')).toEqual({
    'drain ann': 2,
    'drain bob': 1,
    'chaos api': 1,
    'purge api': 1,
  });
  expect(valuesOf(counts.families(), 'meridian_cache_purges_total')).toEqual({ shop: 1 });
});

test('a service that keeps copies has a counter of purges from the start', () => {
  const counts = new OrderCounts(() => 'here');
  const endpoints = 'endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.1" }]';
  counts.follow(
    topologyOf(`version: 1
services:
  shop: { match: { hosts: [a.test] }, ${endpoints}, degraded: { cache: {} } }
  blog: { match: { hosts: [b.test] }, ${endpoints} }
`),
  );
  expect(valuesOf(counts.families(), 'meridian_cache_purges_total')).toEqual({ shop: 0 });
});

test('what needs a restart is as many keys as the last reload said', () => {
  const counts = new OrderCounts(() => 'here');
  const needed = () => valuesOf(counts.families(), 'meridian_config_restart_needed')[''];
  const reloaded: Event = { type: 'reloaded', file: 'f', services: 1, endpoints: 1 };
  expect(needed()).toBe(0);
  counts.onEvent(reloaded);
  counts.onEvent({ type: 'restart-needed', keys: ['log', 'admin'] });
  expect(needed()).toBe(2);
  counts.onEvent(reloaded);
  expect(needed()).toBe(0);
});
