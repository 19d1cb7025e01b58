import { expect, test } from 'vitest';
import type { AttemptHandler, UndiciAttempt } from '../../../../src/edge/general/undici-attempt.ts';
import {
  HELD_BYTES_MAX,
  HOLD_BYTES_MAX,
  heldBytes,
  PartialAnswer,
} from '../../../../src/edge/general/undici-partial.ts';

const JSON_HEAD = { status: 200, reason: 'OK', headers: ['Content-Type', 'application/json'] };
const PIECE = Buffer.alloc(HOLD_BYTES_MAX, '1');
const FAULT = { kind: 'reset', sent: 'some', cause: 'over' } as const;

/** A JSON answer that has sent as much as may be held, and nothing after it. */
function held() {
  const answered: number[] = [];
  const owner = {
    exchange: { head: { method: 'GET' } },
    answered: (_: unknown, { status }: { status: number }) => answered.push(status),
    data: () => {},
    failed: () => {},
    sabotaged: () => {},
  } as unknown as AttemptHandler;
  const controller = { pause: () => {}, abort: () => {} } as never;
  const attempt = {} as never;
  const answer = new PartialAnswer(owner, { experiment: 'part', keep: 0.5, shorten: () => undefined });
  answer.answered({ controller, attempt, over: false, cancel: () => {} } as unknown as UndiciAttempt, JSON_HEAD);
  answer.data(controller, PIECE);
  return { answered, end: () => answer.failed(attempt, FAULT) };
}

test('answers that are held back to be shortened share a limit in bytes; one that comes beyond is cut off at once', () => {
  const room = HELD_BYTES_MAX / HOLD_BYTES_MAX;
  const all = Array.from({ length: room }, held);
  expect(all.every(({ answered }) => answered.length === 0)).toBe(true);
  expect(heldBytes()).toBe(HELD_BYTES_MAX);
  expect(held().answered).toEqual([200]);
  expect(heldBytes()).toBe(HELD_BYTES_MAX);
  for (const { end } of all) end();
  expect(heldBytes()).toBe(0);
});
