import { expect, test, vi } from 'vitest';
import type { Site } from '../../../../src/config/topology-fence.ts';
import type { ServiceLadder } from '../../../../src/degraded/service-ladder.ts';
import type { FallbackAttempt } from '../../../../src/degraded/undici-fallback.ts';
import { FallbackSteps } from '../../../../src/edge/ladder/fallback-steps.ts';
import type { LadderRequest } from '../../../../src/edge/ladder/ladder-request.ts';
import type { FenceMask } from '../../../../src/routing/fence.ts';
import { begun, pathOf } from '../../../support/path.ts';
import { POLICY } from '../../degraded/copies.ts';

const handler = { fallbackAnswered: vi.fn(), fallbackData: vi.fn(), fallbackEnded: vi.fn(), fallbackFailed: vi.fn() };

function steps(over: readonly boolean[], tellsNames = false, fence?: FenceMask) {
  const backends = over.map((isOver, index) => ({
    fallback: {
      name: `site-${index}`,
      site: { cloud: undefined, region: undefined, country: index === 1 ? 'DE' : '' },
    },
    ask: () => ({ over: isOver, backend: backends[index], cancel: vi.fn() }),
  }));
  const ladder = { backends, tellsNames, policy: { cache: POLICY } } as unknown as ServiceLadder;
  return new FallbackSteps(ladder, { asked: [], hasSteps: true } as unknown as LadderRequest, fence);
}

test('one after the other is asked, and one that failed at once is not waited for', () => {
  const { exchange } = begun(pathOf());
  const two = steps([true, false]);
  expect([two.asking, two.left]).toEqual([false, { tried: 0, all: 2 }]);
  two.ask(exchange, handler);
  expect([two.asking, two.left.tried]).toEqual([false, 1]);
  two.ask(exchange, handler);
  expect([two.asking, two.left.tried]).toEqual([true, 2]);
  two.failed();
  expect(two.asking).toBe(false);
});

test('behind a fence only those are asked that it admits', () => {
  const fence = { admits: ({ country }: Site) => country === 'DE' } as FenceMask;
  const one = steps([false, false, false], false, fence);
  expect(one.left).toEqual({ tried: 0, all: 1 });
  one.ask(begun(pathOf()).exchange, handler);
  expect(one.left).toEqual({ tried: 1, all: 1 });
  expect(steps([false], false, fence).left.all).toBe(0);
});

test('a fallback is named where names are shown', () => {
  const one = { backend: { fallback: { name: 'site' } } } as FallbackAttempt;
  expect([steps([], true).nextHop(one), steps([]).nextHop(one)]).toEqual(['; next-hop="site"', '']);
});
