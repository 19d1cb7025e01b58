import { expect, test } from 'vitest';
import { HeldAnswer } from '../../../../src/edge/general/held-answer.ts';
import { ByteBudget } from '../../../../src/table/byte-budget.ts';

function held(roomBytes = 1000) {
  const log: string[] = [];
  const flow = { pause: () => log.push('pause'), resume: () => log.push('resume') };
  const room = new ByteBudget(roomBytes);
  const answer = new HeldAnswer(flow, { status: 503, reason: '', headers: [] }, room);
  const to = {
    primaryData: (_: unknown, chunk: Buffer) => log.push(chunk.toString()),
    primaryEnded: () => log.push('end'),
  };
  return { answer, to, log, room };
}

test('an answer is held where it is, and goes on from there', () => {
  const { answer, to, log } = held();
  answer.release(to);
  expect(log).toEqual(['pause', 'resume']);
});

test('what had come already goes first', () => {
  const { answer, to, log } = held();
  answer.data(Buffer.from('a'));
  answer.data(Buffer.from('b'));
  answer.end();
  answer.release(to);
  expect(log).toEqual(['pause', 'a', 'b', 'end']);
});

test('what it holds is counted, and given back however it ends', () => {
  const released = held();
  released.answer.data(Buffer.from('abc'));
  expect(released.room.taken).toBe(3);
  released.answer.release(released.to);
  expect(released.room.taken).toBe(0);
  const dropped = held();
  dropped.answer.data(Buffer.from('abc'));
  dropped.answer.drop();
  expect([dropped.room.taken, dropped.answer.dropped]).toEqual([0, true]);
});

test('what there is no room for is dropped', () => {
  const { answer, room } = held(4);
  expect([answer.data(Buffer.from('abc')), answer.dropped]).toEqual([true, false]);
  expect([answer.data(Buffer.from('de')), answer.dropped, room.taken]).toEqual([false, true, 0]);
  expect(answer.data(Buffer.from('x'))).toBe(true);
});
