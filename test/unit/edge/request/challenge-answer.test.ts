import { expect, test } from 'vitest';
import { edgeAnswer } from '../../../../src/edge/request/challenge-answer.ts';

const OPEN = new Map([['tok-1', 'tok-1.thumb']]);
const PATH = '/.well-known/acme-challenge/';
const health = () => undefined;

test.each([
  ['GET', `${PATH}tok-1`, 'tok-1.thumb'],
  ['HEAD', `${PATH}tok-1`, 'tok-1.thumb'],
  ['POST', `${PATH}tok-1`, undefined],
  ['GET', `${PATH}tok-2`, undefined],
  ['GET', `${PATH}tok-1?x`, undefined],
  ['GET', `${PATH}../acme-challenge/tok-1`, undefined],
  ['GET', PATH, undefined],
  ['GET', `${PATH}constructor`, undefined],
  ['GET', '/tok-1', undefined],
])('%s %s: %s', (method, target, body) => {
  expect(edgeAnswer(() => OPEN, health)({ method, target })?.body).toBe(body);
});

test('while none is open, the rest is asked', () => {
  const answer = { status: 200, headers: [], body: 'ready' };
  expect(
    edgeAnswer(
      () => undefined,
      () => answer,
    )({ method: 'GET', target: `${PATH}tok-1` }),
  ).toBe(answer);
  expect(
    edgeAnswer(
      () => OPEN,
      () => answer,
    )({ method: 'GET', target: '/up' }),
  ).toBe(answer);
});
