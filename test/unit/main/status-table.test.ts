import { expect, test } from 'vitest';
import { statusText } from '../../../src/main/status-table.ts';
import { view } from './shown-edge.ts';

test('who it is, whether it is ready, and every endpoint', () => {
  const text = statusText(view(), { ready: true, checks: [] }, false);
  expect(text).toMatch(
    /^edge iad-1 in aws\/us-east-1: ready; 1 of 2 endpoints healthy\nbreakers of clouds: shop\/gcp open\n\nENDPOINT/,
  );
  expect(text).toMatch(/^shop\/aws\/us-east-1\/a:80 +healthy +1\.00 +12 ms +closed +2 +500 +100 +1$/m);
  expect(text).toMatch(/^shop\/gcp\/europe-west1\/b:80 +unhealthy +0\.00 +- +open +2 +500 +100 +1 +drained$/m);
});

test('why it is not ready; colours if asked for', () => {
  const text = statusText(view(), { ready: false, checks: ['[-]threads failed: 0 of 2'] }, true);
  expect(text).toContain('not ready; 1 of 2 endpoints healthy\n  [-]threads failed: 0 of 2\n');
  expect(text).toContain('\u001B[31munhealthy');
});
