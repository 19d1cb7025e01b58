import { expect, test } from 'vitest';
import { isRunning, Judge, unansweredBy, wasSuspect } from '../../../../src/edge/request/judge.ts';
import { begun, pathOf } from '../../../support/path.ts';

/** Three attempts of one request: the first has lost patience, the others have not. */
function racing() {
  const path = pathOf();
  const { exchange, attempt } = begun(path);
  const second = path.attempter.take(exchange, 'panic-refused');
  const third = path.attempter.take(exchange, 'panic-refused');
  if (second === undefined || third === undefined) throw new Error('no place');
  exchange.suspects.push(attempt);
  return { exchange, first: attempt, second, third, judge: new Judge(path.recorder) };
}

test('a winner in time shows that the one before it was slow; the one after it is not to blame', () => {
  const { exchange, first, second, third, judge } = racing();
  second.firstByteMs = second.patienceMs;
  judge.won(exchange, second, 2000);
  expect([first.outcome, second.outcome, third.outcome]).toEqual(['outpaced', undefined, 'abandoned']);
  expect(exchange.suspects).toEqual([]);
  expect(isRunning(exchange)).toBe(true);
});

test('a winner that is slow itself shows that the request is', () => {
  const { exchange, first, third, judge } = racing();
  third.firstByteMs = third.patienceMs + 1;
  judge.won(exchange, third, 2000);
  expect(first.outcome).toBe('abandoned');
});

test('a client that leaves blames those that it has waited for, and no other', () => {
  const { exchange, first, second, third, judge } = racing();
  second.sentMs = 2500;
  third.sentMs = Number.POSITIVE_INFINITY;
  judge.left(exchange, 3000);
  expect([first.outcome, second.outcome, third.outcome]).toEqual(['unanswered', 'abandoned', 'abandoned']);
  expect(unansweredBy(exchange)).toBe(first);
  expect(isRunning(exchange)).toBe(false);
});

test('one that is no suspect any more is so once', () => {
  const { exchange, first, second } = racing();
  expect([wasSuspect(exchange, second), wasSuspect(exchange, first), wasSuspect(exchange, first)]).toEqual([
    false,
    true,
    false,
  ]);
});

test('when the time of a request has passed, who had half of it without an answer is to blame, and no other', () => {
  const { exchange, first, second, third, judge } = racing();
  const at = first.sentMs + exchange.view.service.timeouts.requestMs;
  second.sentMs = at - 100;
  second.status = 200;
  third.sentMs = at - 100;
  judge.overdue(exchange, at);
  expect([first.outcome, second.outcome, third.outcome]).toEqual(['first-byte-timeout', 'abandoned', 'abandoned']);
  expect(isRunning(exchange)).toBe(false);
});
