import { expect, test } from 'vitest';
import { lastCheck } from '../../../src/health/check-report.ts';

const RESULT = { reachable: true, latencyMs: 1, connectMs: 1, status: 200, error: undefined };

test.each([
  ['good', RESULT, { outcome: 'good', error: undefined }],
  ['failed', { ...RESULT, reachable: false, error: 'status 503' }, { outcome: 'failed', error: 'status 503' }],
  [
    'not made',
    { ...RESULT, reachable: false, error: 'EMFILE', shortage: 'EMFILE' },
    { outcome: 'not-made', error: 'this machine ran short: EMFILE' },
  ],
])('what is kept of a check: %s', (_, result, kept) => {
  expect(lastCheck(result, 7)).toEqual({ atMs: 7, ...kept });
});
