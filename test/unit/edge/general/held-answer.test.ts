import { expect, test } from 'vitest';
import { HeldAnswer } from '../../../../src/edge/general/held-answer.ts';

function held() {
  const log: string[] = [];
  const flow = { pause: () => log.push('pause'), resume: () => log.push('resume') };
  const answer = new HeldAnswer(flow, { status: 503, reason: '', headers: [] });
  const to = {
    primaryData: (_: unknown, chunk: Buffer) => log.push(chunk.toString()),
    primaryEnded: () => log.push('end'),
  };
  return { answer, to, log };
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
