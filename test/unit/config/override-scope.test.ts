import { expect, test } from 'vitest';
import { isInScope, type OverrideScope, scopeText } from '../../../src/config/override-scope.ts';

const ENDPOINT = { id: 'shop/gcp/europe-west1/h:1', service: 'shop', cloud: 'gcp', region: 'europe-west1' } as const;

test.each<[OverrideScope, string, boolean]>([
  [{ cloud: 'gcp' }, 'gcp', true],
  [{ cloud: 'gcp', region: 'europe-west1' }, 'gcp/europe-west1', true],
  [{ cloud: 'gcp', region: 'europe-west1', service: 'shop' }, 'gcp/europe-west1@shop', true],
  [{ cloud: 'gcp', service: 'shop' }, 'gcp@shop', true],
  [{ endpoint: ENDPOINT.id }, ENDPOINT.id, true],
  [{ cloud: 'aws' }, 'aws', false],
  [{ cloud: 'aws', region: 'europe-west1' }, 'aws/europe-west1', false],
  [{ cloud: 'gcp', region: 'us-central1' }, 'gcp/us-central1', false],
  [{ cloud: 'gcp', service: 'blog' }, 'gcp@blog', false],
  [{ endpoint: 'shop/gcp/europe-west1/h:2' }, 'shop/gcp/europe-west1/h:2', false],
])('%j is %s, and an endpoint of shop there is in it: %s', (scope, text, is) => {
  expect(scopeText(scope)).toBe(text);
  expect(isInScope(scope, ENDPOINT)).toBe(is);
});
