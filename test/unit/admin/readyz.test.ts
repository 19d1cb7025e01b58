import { expect, test } from 'vitest';
import { readyzReply } from '../../../src/admin/readyz.ts';

const GOOD = { name: 'serving', ok: true, detail: '' };
const BAD = { name: 'threads', ok: false, detail: '0 of 2' };

test.each([
  ['ready', { ready: true, checks: [GOOD] }, false, 200, 'ok'],
  [
    'ready, verbose',
    { ready: true, checks: [GOOD, { ...BAD, ok: true }] },
    true,
    200,
    '[+]serving ok\n[+]threads ok: 0 of 2\nreadyz check passed\n',
  ],
  [
    'not ready',
    { ready: false, checks: [GOOD, BAD] },
    false,
    503,
    '[+]serving ok\n[-]threads failed: 0 of 2\nreadyz check failed\n',
  ],
  [
    'not ready, verbose',
    { ready: false, checks: [BAD] },
    true,
    503,
    '[-]threads failed: 0 of 2\nreadyz check failed\n',
  ],
])('%s', (_, readiness, verbose, status, body) => {
  expect(readyzReply(readiness, verbose)).toEqual({ status, contentType: 'text/plain; charset=utf-8', body });
});
