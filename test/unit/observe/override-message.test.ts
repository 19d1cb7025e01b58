import { expect, test } from 'vitest';
import { isOverrideEvent, type OverrideEvent, overrideMessage } from '../../../src/observe/override-message.ts';

const DRAIN: OverrideEvent = {
  type: 'override-changed',
  kind: 'drain',
  scope: 'gcp/europe-west1',
  status: 'in-force',
  level: 0,
  untilMs: 3_600_000,
  actor: 'ann',
  reason: 'fibre cut',
  edge: 'iad-1',
};

test.each<[Partial<OverrideEvent>, string, string]>([
  [{}, 'warn', 'gcp/europe-west1 is drained until 1970-01-01T01:00:00.000Z, by ann on iad-1: fibre cut'],
  [{ untilMs: null, reason: '' }, 'warn', 'gcp/europe-west1 is drained, by ann on iad-1'],
  [
    { kind: 'weight', level: 0.1, untilMs: null },
    'warn',
    'gcp/europe-west1 has the weight 0.1, by ann on iad-1: fibre cut',
  ],
  [
    { kind: 'capacity', level: 40, untilMs: null },
    'warn',
    'gcp/europe-west1 has the capacity 40, by ann on iad-1: fibre cut',
  ],
  [{ status: 'lifted', reason: '' }, 'info', 'the drain of gcp/europe-west1 is lifted, by ann on iad-1'],
  [{ status: 'ended' }, 'info', 'the drain of gcp/europe-west1 has expired'],
])('%j', (more, level, message) => {
  const event = { ...DRAIN, ...more };
  expect(isOverrideEvent(event)).toBe(true);
  expect(overrideMessage(event)).toEqual({ level, message });
});

test('other events are none of the fleet’s', () => {
  expect(isOverrideEvent({ type: 'worker-started', worker: 0 })).toBe(false);
});
