import { expect, test } from 'vitest';
import { pagerdutyPost, SUMMARY_CHARS_MAX } from '../../../src/observe/pagerduty.ts';
import { changeTo } from './finding.ts';

const SINK = { routingKey: 'R0', url: 'http://pd/v2/enqueue' };
type Sent = { dedup_key: string; event_action: string; payload: { summary: string } };
const eventOf = (...[change, edge = 'iad-1']: [Parameters<typeof pagerdutyPost>[1], string?]) =>
  JSON.parse(pagerdutyPost(SINK, change, edge).body) as Sent;

test('an event of the Events API v2', () => {
  expect(pagerdutyPost(SINK, changeTo('firing', 'a'), 'iad-1').url).toBe('http://pd/v2/enqueue');
  expect(eventOf(changeTo('firing', 'a'))).toEqual({
    routing_key: 'R0',
    event_action: 'trigger',
    dedup_key: expect.stringMatching(/^meridian-[0-9a-f]{64}$/) as string,
    payload: {
      summary: 'iad-1: a is wrong',
      source: 'iad-1',
      severity: 'critical',
      timestamp: '2026-01-02T03:04:05.000Z',
      component: 'shop',
      group: 'aws',
      class: 'MeridianEndpointHealthCritical',
      custom_details: { service: 'shop', cloud: 'aws' },
    },
  });
});

test('resolving finds the incident that firing made; another edge or alert has its own', () => {
  const { dedup_key, event_action } = eventOf(changeTo('resolved', 'a'));
  expect(event_action).toBe('resolve');
  expect(dedup_key).toBe(eventOf(changeTo('firing', 'a')).dedup_key);
  expect(dedup_key).not.toBe(eventOf(changeTo('firing', 'b')).dedup_key);
  expect(dedup_key).not.toBe(eventOf(changeTo('firing', 'a'), 'fra-1').dedup_key);
});

test('the edges of a fleet have one key for one cause, and each its own for what is about itself', () => {
  const keyOf = (edge: string, more: Parameters<typeof changeTo>[2] = {}) =>
    (JSON.parse(pagerdutyPost(SINK, changeTo('firing', 'a', more), edge, 'meridian:').body) as Sent).dedup_key;
  expect(keyOf('iad-1')).toBe(keyOf('fra-1'));
  expect(keyOf('iad-1', { rule: 'cut_off' })).not.toBe(keyOf('fra-1', { rule: 'cut_off' }));
});

test('a summary is cut at what PagerDuty takes', () => {
  const { payload } = eventOf(changeTo('firing', 'a', { summary: 'x'.repeat(5000) }));
  expect(payload.summary).toHaveLength(SUMMARY_CHARS_MAX);
});
