import { expect, test } from 'vitest';
import type { OverrideAnswer } from '../../../src/compose/override-orders.ts';
import { overrideText } from '../../../src/main/override-text.ts';

const DRAIN: OverrideAnswer = {
  kind: 'drain',
  scope: 'gcp/europe-west1',
  level: 0,
  until: '2026-11-25T21:00:00.000Z',
  edge: 'iad-1',
  region: 'us-east-1',
  endpoints: 2,
  stored: 'primary',
  trouble: '',
  inForce: [],
};
const SHOWN = {
  kind: 'drain',
  scope: 'gcp',
  level: 0,
  until: null,
  since: '2026-11-25T20:00:00.000Z',
  actor: 'ann',
  reason: 'an outage',
  edge: 'fra-1',
} as const;

test('a drain that is stored', () => {
  expect(overrideText(DRAIN)).toBe(
    'gcp/europe-west1 is drained, until 2026-11-25T21:00:00.000Z: 2 endpoints of edge iad-1 get no more requests.\n' +
      'Stored in us-east-1; the other edges follow as they hear of it (meridian fleet status).\n',
  );
});

test.each<[Partial<OverrideAnswer>, RegExp]>([
  [{ endpoints: 1, until: null }, /^gcp\/europe-west1 is drained: 1 endpoint of edge iad-1 gets no more requests\.$/m],
  [{ level: null }, /^The drain of gcp\/europe-west1 is lifted: it was on 2 endpoints of edge iad-1\.$/m],
  [{ kind: 'weight', level: 0.1 }, /^gcp\/europe-west1 has the weight 0\.1, until .*: 2 endpoints of edge iad-1\.$/m],
  [{ kind: 'capacity', level: 40, until: null }, /^gcp\/europe-west1 has the capacity 40: 2 endpoints/m],
  [
    { stored: 'here', trouble: 'it refuses the password' },
    /^In force on this edge, not yet stored: us-east-1: it refuses the password\. It is tried/m,
  ],
  [{ stored: 'here' }, /^In force on this edge, not yet stored: us-east-1 has not taken it yet\./m],
  [{ stored: 'alone' }, /^In force on this edge only, and until its process ends: its file has no fleet block\.$/m],
])('%j', (more, line) => {
  expect(overrideText({ ...DRAIN, ...more })).toMatch(line);
});

test('what else holds there is said, and not the order itself again', () => {
  const inForce = [
    { ...SHOWN, scope: DRAIN.scope },
    SHOWN,
    { ...SHOWN, kind: 'weight' as const, level: 0.5, until: 'T' },
  ];
  const text = overrideText({ ...DRAIN, inForce });
  expect(text.split('\n').slice(2)).toEqual([
    '',
    'Also in force there:',
    '  the drain of gcp, by ann: an outage',
    '  the weight 0.5 of gcp until T, by ann: an outage',
    '',
  ]);
});
