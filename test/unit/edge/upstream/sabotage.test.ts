import { expect, test } from 'vitest';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import { heldUntilMs, standInAnswer } from '../../../../src/edge/upstream/sabotage.ts';

test.each([
  [{ delayMs: 300 }, { patienceMs: 1000 }, 0, 300],
  [{ delayMs: 3000 }, { patienceMs: 1000 }, 0, 1000],
  [{ delayMs: 3000 }, { patienceMs: 1000 }, 1000, 3000],
  [{ delayMs: 60_000 }, { patienceMs: 1000 }, 1000, 15_000],
  [{ delayMs: 60_000 }, { patienceMs: 15_000 }, 0, 15_000],
])('%o, %o, held for %d ms: until %d', (plan, attempt, heldMs, until) => {
  expect(heldUntilMs(plan, attempt, 15_000, heldMs)).toBe(until);
});

test('a stand-in says that it is one', () => {
  const answer = standInAnswer(503, 'failed by the experiment x', {
    requestId: 'r',
    chaos: 'x',
    attempts: [],
    state: {} as Exchange['state'],
  } as unknown as Exchange);
  expect(answer).toEqual({
    status: 503,
    headers: ['Cache-Control', 'no-store', 'X-Request-Id', 'r', 'Chaos', 'x'],
    body: '503 Service Unavailable: failed by the experiment x\n',
  });
});
