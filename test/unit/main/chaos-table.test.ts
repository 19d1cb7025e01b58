import { expect, test } from 'vitest';
import { type ChaosAnswer, chaosText } from '../../../src/main/chaos-table.ts';

const NOTHING: ChaosAnswer = { enabled: true, running: [], defined: [], ended: [] };
/** As it comes: a key that is undefined on the edge is not there. */
const scope = (keys: object = {}) => keys as ChaosAnswer['running'][number]['scope'];

test('that none may run, or none does', () => {
  expect(chaosText({ ...NOTHING, enabled: false })).toContain('chaos.enabled is false');
  expect(chaosText(NOTHING)).toBe('No experiment runs.\n');
});

test('what runs, is defined and has ended', () => {
  const text = chaosText({
    enabled: true,
    running: [
      {
        name: 'slow',
        fault: { kind: 'latency', delayMs: 300 },
        scope: scope({ cloud: 'gcp', region: 'x' }),
        radius: 0.05,
        fleet: true,
        leftMs: 61_000,
      },
      {
        name: 'fail',
        fault: { kind: 'failure', answer: 503, errorRate: 0.5 },
        scope: scope(),
        radius: 1,
        fleet: false,
        leftMs: 1,
      },
      {
        name: 'cut',
        fault: { kind: 'partial', keep: 0.5 },
        scope: scope(),
        radius: 1,
        fleet: false,
        leftMs: 1,
      },
    ],
    defined: [{ name: 'slow', kind: 'latency', radius: 0.05, for: '5m' }],
    ended: [{ experiment: 'old', reason: 'guard', detail: 'it burns' }],
  });
  expect(text).toMatch(/^slow +latency 300ms +5 % +cloud gcp, region x +61 s +every edge$/m);
  expect(text).toMatch(/^fail +failure 503 for 50 % +100 % +everything +0 s +this edge$/m);
  expect(text).toMatch(/^cut +partial, 50 % kept/m);
  expect(text).toMatch(/^slow +latency +5 % +5m$/m);
  expect(text).toMatch(/^old +guard +it burns$/m);
});
