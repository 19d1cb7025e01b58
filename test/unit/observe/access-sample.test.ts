import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AccessSampling } from '../../../src/config/access-sampling.ts';
import { drawOf, isSampled } from '../../../src/observe/access-sample.ts';
import { RECORD } from './record.ts';

const plain = { ...RECORD, status: 200, how: 'complete', tookMs: 5, attempts: RECORD.attempts.slice(1) } as const;
const none: AccessSampling = { sample: 0, always: ['errors', 'failovers', 'slow'], slowMs: 1000 };

test.each([
  ['a plain one', {}, false],
  ['an error', { status: 503 }, true],
  ['a client that erred', { status: 404 }, false],
  ['an answer that broke off', { how: 'broken' }, true],
  ['a failover', { attempts: RECORD.attempts }, true],
  ['a slow one', { tookMs: 1000 }, true],
] as const)('%s, when nothing is sampled', (_, more, expected) => {
  expect(isSampled({ ...plain, ...more }, none)).toBe(expected);
  expect(isSampled({ ...plain, ...more }, { ...none, always: [] })).toBe(false);
  expect(isSampled({ ...plain, ...more }, { ...none, sample: 1, always: [] })).toBe(true);
});

test('a share of requests is that share, and the same requests each time', () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? randomUUID() : `request-${i}`));
  const sampled = ids.filter((requestId) => isSampled({ ...plain, requestId }, { ...none, sample: 0.01 }));
  expect(sampled.length).toBeGreaterThan(130);
  expect(sampled.length).toBeLessThan(270);
  expect(sampled.every((id) => drawOf(id) < 0.01)).toBe(true);
});
