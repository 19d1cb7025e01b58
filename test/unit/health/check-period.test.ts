import { expect, test } from 'vitest';
import { untilNextCheckMs } from '../../../src/health/check-period.ts';
import { HEALTH } from '../discovery/topology.ts';

const POLICY = { ...HEALTH, intervalMs: 10_000 };
const NEVER = Number.POSITIVE_INFINITY;

const NEW_AND_FAR = { sinceMs: 95_000, wayErrorMs: 6 };

type Health = Parameters<typeof untilNextCheckMs>[0];
type Since = Parameters<typeof untilNextCheckMs>[1];

function waited(health: Partial<Health> = {}, since: Partial<Since> = {}): number {
  const whole = { policy: POLICY, state: 'healthy', contested: false, isFreshlyDown: () => false, ...health } as const;
  return untilNextCheckMs(whole, {
    nowMs: 100_000,
    sinceMs: 0,
    endpoints: 9,
    wayErrorMs: 0,
    isOut: false,
    isSilent: false,
    usefulMs: NEVER,
    ...since,
  });
}

test.each<[string, Partial<Health>, Partial<Since>, number]>([
  ['the interval, as a rule', {}, {}, 10_000],
  ['a tenth, where the last check contradicts the state', { contested: true }, {}, 1000],
  ['a tenth, while the whole service is out', { state: 'unhealthy' }, { isOut: true }, 1000],
  ['a tenth, while nothing is heard of its requests', {}, { isSilent: true }, 1000],
  [
    'a tenth, for one that came with the edge and may only be slower',
    { state: 'unhealthy' },
    { sinceMs: 95_000 },
    1000,
  ],
  ['four times a second, for one that is new and whose way is not well known', {}, NEW_AND_FAR, 250],
  [
    'forty times in the first interval, where that is long',
    { policy: { ...POLICY, intervalMs: 3_600_000 } },
    NEW_AND_FAR,
    90_000,
  ],
  [
    'but no more often than the interval says',
    { policy: { ...POLICY, intervalMs: 100 } },
    { ...NEW_AND_FAR, sinceMs: 99_950 },
    100,
  ],
  ['the interval, for one whose way is known', {}, { sinceMs: 95_000, wayErrorMs: 1 }, 10_000],
  ['the interval, for one that is not new', {}, { wayErrorMs: 6 }, 10_000],
  ['with 300 endpoints 3 s, so that there are 100 checks a second', {}, { ...NEW_AND_FAR, endpoints: 300 }, 3000],
  ['with very many the interval', {}, { ...NEW_AND_FAR, endpoints: 10_000 }, 10_000],
  ['the interval, for one that is down for long', { state: 'unhealthy' }, {}, 10_000],
  ['a fifth, for one that went down a short while ago', { state: 'unhealthy', isFreshlyDown: () => true }, {}, 2000],
  ['when a breaker may be helped', {}, { usefulMs: 4000 }, 4000],
  ['not sooner than a tenth for that', {}, { usefulMs: 1 }, 1000],
])('%s', (_, health, since, ms) => {
  expect(waited(health, since)).toBe(ms);
});

test('a short while is six intervals', () => {
  const asked: number[] = [];
  const isFreshlyDown = (ms: number) => asked.push(ms) > 1;
  waited({ isFreshlyDown });
  expect(asked).toEqual([60_000]);
});
