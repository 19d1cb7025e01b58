import { expect, test } from 'vitest';
import type { InForce } from '../../../src/fleet/override.ts';
import { ScopedOverrides } from '../../../src/fleet/scoped-overrides.ts';

const GCP = { cloud: 'gcp', region: 'europe-west1' } as const;

function said(kind: InForce['kind'], level: number): InForce {
  return { kind, scope: GCP, level, untilMs: null, setAtMs: 0, actor: 'a', reason: '', edge: 'e' };
}

test('one of each kind is kept for a scope, the one that was set last', () => {
  const all = new ScopedOverrides([said('weight', 0.5), said('drain', 0), said('weight', 0.25)]);
  expect(all.at('gcp/europe-west1')).toEqual([said('drain', 0), said('weight', 0.25)]);
  all.delete('drain', GCP);
  all.delete('capacity', GCP);
  expect(all.at('gcp/europe-west1')).toEqual([said('weight', 0.25)]);
  all.delete('weight', GCP);
  expect(all.at('gcp/europe-west1')).toEqual([]);
  expect(all.at('gcp')).toEqual([]);
});
