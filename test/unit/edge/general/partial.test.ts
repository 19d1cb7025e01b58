import { expect, test } from 'vitest';
import type { AnswerTaker } from '../../../../src/edge/general/answer-taker.ts';
import { HELD_BYTES_MAX, HOLD_BYTES_MAX, heldBytes, PartialAnswer } from '../../../../src/edge/general/partial.ts';
import type { UpstreamAttempt } from '../../../../src/edge/upstream/attempt.ts';

const JSON_HEAD = { status: 200, reason: 'OK', headers: ['Content-Type', 'application/json'] };
const PIECE = Buffer.alloc(HOLD_BYTES_MAX, '1');
const FAULT = { kind: 'reset', sent: 'some', cause: 'over' } as const;

/** A JSON answer that has sent as much as may be held, and nothing after it. */
function held() {
  const answered: number[] = [];
  const taker = {
    takeHead: (_: unknown, { status }: { status: number }) => answered.push(status),
    takeData: () => {},
    takeFault: () => {},
    sabotaged: () => {},
  } as unknown as AnswerTaker & { sabotaged: () => void };
  const one = { attempt: {}, pause: () => {} } as unknown as UpstreamAttempt;
  const answer = new PartialAnswer(taker, 'GET', { experiment: 'part', keep: 0.5, shorten: () => undefined });
  answer.takeHead(one, JSON_HEAD);
  answer.takeData(one, PIECE);
  return { answered, end: () => answer.takeFault(one, FAULT) };
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
